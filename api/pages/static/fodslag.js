// What only a script can do: copy and print, and say that something takes its time. Without it the buttons stay
// hidden, the texts can be selected, and the browser alone shows that it waits.
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

// A form that is sent and takes seconds says so at once, also to who cannot see it; a second press does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.working) return;
  if (form.ariaBusy === "true") {
    event.preventDefault();
    return;
  }
  form.ariaBusy = "true";
  form.querySelector("[role=status]").textContent = form.dataset.working;
});

// Who comes back by the browser's own button finds the form ready again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-working][aria-busy]")) {
    form.ariaBusy = null;
    form.querySelector("[role=status]").textContent = "";
  }
});
