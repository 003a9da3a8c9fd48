"use strict";
// Without this script nothing is missing but the buttons.
for (const button of document.querySelectorAll(".copy")) {
  const value = button.parentElement.querySelector(".value");
  button.hidden = false;
  button.setAttribute("aria-label", `Copy: ${value.textContent.slice(0, 80)}`);
  button.addEventListener("click", async () => {
    let words = "copied";
    try {
      await navigator.clipboard.writeText(value.textContent);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(value);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      words = document.execCommand("copy") ? "copied" : "press Ctrl+C";
    }
    button.textContent = words;
    document.getElementById("said").textContent = words;
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}
