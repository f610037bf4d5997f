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

focusErrors();
addRevealButtons();
