// Copies the address of a feed. Without this script the address is there to be marked and copied by hand.
"use strict";

for (const box of document.querySelectorAll(".subscribe")) {
  const field = box.querySelector("input");
  const button = box.querySelector("button");
  const told = box.querySelector("[role=status]");
  field.addEventListener("focus", () => field.select());
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      field.select(); // no permission, or no secure connection: the older way
      document.execCommand("copy");
    }
    told.textContent = button.dataset.done;
  });
}
