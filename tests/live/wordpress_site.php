<?php
// Installs WordPress, makes an author for mediacheck and an administrator, and prints the author's
// application password. Arguments: the folder of the site, its address, its database's socket.
[$_, $folder, $address, $socket] = $argv;
$parts = parse_url($address);
$_SERVER['HTTP_HOST'] = $parts['host'] . ':' . $parts['port'];
file_put_contents("$folder/wp-config.php", '<?php
define("DB_NAME", "wordpress"); define("DB_USER", "root"); define("DB_PASSWORD", "");
define("DB_HOST", "localhost:' . $socket . '"); define("DB_CHARSET", "utf8mb4"); define("DB_COLLATE", "");
define("WP_HOME", "' . $address . '"); define("WP_SITEURL", "' . $address . '");
define("WP_ENVIRONMENT_TYPE", "local"); define("WP_HTTP_BLOCK_EXTERNAL", true);
define("DISABLE_WP_CRON", true); define("AUTOMATIC_UPDATER_DISABLED", true);
define("WP_CONTENT_DIR", __DIR__ . "/wp-content"); define("WP_DEBUG", false);
define("AUTH_KEY", "live"); define("SECURE_AUTH_KEY", "live"); define("LOGGED_IN_KEY", "live");
define("NONCE_KEY", "live"); define("AUTH_SALT", "live"); define("SECURE_AUTH_SALT", "live");
define("LOGGED_IN_SALT", "live"); define("NONCE_SALT", "live");
$table_prefix = "wp_";
if (!defined("ABSPATH")) { define("ABSPATH", __DIR__ . "/"); }
require_once ABSPATH . "wp-settings.php";
');
define('WP_INSTALLING', true);
require "$folder/wp-load.php";
require ABSPATH . 'wp-admin/includes/upgrade.php';
function wp_new_blog_notification() {}
wp_install('Room 12', 'head', 'head@lincoln.example', false, '', 'of the live lane');
$author = wp_insert_user(['user_login' => 'lincoln', 'user_pass' => 'of the live lane',
    'user_email' => 'lincoln@lincoln.example', 'role' => 'author']);
[$password] = WP_Application_Passwords::create_new_application_password($author, ['name' => 'mediacheck']);
[$heads] = WP_Application_Passwords::create_new_application_password(1, ['name' => 'mediacheck']);
echo json_encode(['author' => $password, 'head' => $heads]);
