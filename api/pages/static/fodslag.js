// What only a script can do: copy and print. Without it the buttons stay hidden, and the texts can be selected.
// It listens on the document, so what htmx puts in later works too.

const ready = () => {
  for (const button of document.querySelectorAll("[data-copies][hidden], [data-prints][hidden]")) button.hidden = false;
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies], [data-prints]");
  if (!button) return;
  if ("prints" in button.dataset) {
    window.print();
    return;
  }
  const field = document.getElementById(button.dataset.copies);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    if (!document.execCommand("copy")) return;
  }
  button.form.requestSubmit();
});
document.addEventListener("DOMContentLoaded", ready);
document.addEventListener("htmx:after:swap", ready);
