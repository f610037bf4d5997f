// Small comforts of every page. Each page works without them.

/** Moves the focus to what is wrong, so that a screen reader begins there. */
function focusErrors() {
  document.querySelector(".error-summary")?.focus();
}

/** Lets a person see the password they type. */
function addRevealButtons() {
  for (const button of document.querySelectorAll("button[data-reveals]")) {
    const input = document.getElementById(button.dataset.reveals);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shows = input.type === "password";
      input.type = shows ? "text" : "password";
      button.textContent = shows ? "Hide the password" : "Show the password";
    });
  }
}

/** The header's further pages fold again when somebody goes on elsewhere. */
function foldNavigation() {
  const more = document.querySelector(".nav-more");
  if (!more) return;
  const foldUnless = (target) => { if (!more.contains(target)) more.open = false; };
  document.addEventListener("click", (event) => foldUnless(event.target));
  document.addEventListener("focusin", (event) => foldUnless(event.target));
  more.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !more.open) return;
    more.open = false;
    more.querySelector("summary").focus();
  });
}

focusErrors();
foldNavigation();
addRevealButtons();
