/* Keeps what is typed into a form until it is sent: sealed with the session's key, a day at most, gone at log-out. */
"use strict";
(() => {
  const PREFIX = "draft:";
  const A_DAY = 24 * 60 * 60 * 1000;
  const SOON = 400;
  const AGAIN = 15000;
  const drafts = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  const forgetAll = () => drafts().forEach((name) => localStorage.removeItem(name));
  const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const nameOf = (form) => PREFIX + new URL(form.action).pathname;

  const cipher = (form, iv) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(nameOf(form)) });
  const keyOf = (form, use) => crypto.subtle.importKey("raw", bytes(form.dataset.draftKey), "AES-GCM", false, [use]);

  async function keep(form, draft) {
    if (!crypto.subtle) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const words = new TextEncoder().encode(JSON.stringify(draft));
    const sealed = await crypto.subtle.encrypt(cipher(form, iv), await keyOf(form, "encrypt"), words);
    localStorage.setItem(nameOf(form), JSON.stringify({ until: Date.now() + A_DAY, iv: hex(iv), sealed: hex(sealed) }));
  }

  async function kept(form) {
    const stored = JSON.parse(localStorage.getItem(nameOf(form)) || "null");
    if (!stored || !crypto.subtle) return null;
    try {
      const iv = bytes(stored.iv);
      const words = await crypto.subtle.decrypt(cipher(form, iv), await keyOf(form, "decrypt"), bytes(stored.sealed));
      return JSON.parse(new TextDecoder().decode(words));
    } catch {
      localStorage.removeItem(nameOf(form)); // It is of another session, and nobody can read it any more.
      return null;
    }
  }

  function forgetOld() {
    for (const name of drafts()) {
      if (JSON.parse(localStorage.getItem(name)).until < Date.now()) localStorage.removeItem(name);
    }
  }

  function say(form, what) {
    const status = document.querySelector("[data-draft-status]");
    status.hidden = !what;
    status.textContent = what ? status.dataset[what] : "";
  }

  const touched = (typed, field) => {
    const was = typed.get(`${field.name}.was`);
    const value = typed.get(field.name) ?? (field.type === "checkbox" ? "false" : "");
    return was === null || value.replace(",", ".") !== was;
  };

  /* Only what somebody changed is put back: what was known then may be known otherwise by now. */
  function putBack(form, typed) {
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "submit" || !touched(typed, field)) continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = typed.get(field.name) === field.value;
      else field.value = typed.get(field.name) ?? field.value;
      if (field.value !== field.defaultValue || field.checked !== field.defaultChecked) field.closest("details")?.setAttribute("open", "");
    }
  }

  const typedIn = (form) => new URLSearchParams(new FormData(form));
  const isEmpty = (form, typed) =>
    ![...form.elements].some((field) => field.name && field.type !== "hidden" && typed.get(field.name) && touched(typed, field));

  async function send(form, body) {
    form.inert = true; // What is on its way may have arrived: it goes out again as it is, or not at all.
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html", "HX-Request": "true" } });
    } catch {
      answer = null;
    }
    if (!answer || answer.status >= 500 || answer.status === 429) return await waits(form, body);
    if (answer.headers.has("HX-Redirect")) {
      form.inert = false;
      return say(form, "loggedOut");
    }
    if (answer.redirected) {
      localStorage.removeItem(nameOf(form));
      return location.assign(answer.url);
    }
    const shown = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("main").replaceWith(shown.querySelector("main"));
    document.querySelector("main [autofocus]")?.focus();
    begin(document.querySelector("form[data-draft-key]"), true);
  }

  async function waits(form, body) {
    await keep(form, { pending: body.toString() });
    say(form, "notSent");
    const again = () => {
      removeEventListener("online", again);
      clearTimeout(timer);
      if (form.isConnected) send(form, body);
    };
    const timer = setTimeout(again, AGAIN);
    addEventListener("online", again);
  }

  async function begin(form, isShownAgain = false) {
    if (!form) return;
    let later;
    form.addEventListener("input", () => {
      clearTimeout(later);
      later = setTimeout(() => form.isConnected && !form.inert && keep(form, { typed: typedIn(form).toString() }), SOON);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(later);
      const body = typedIn(form);
      if (event.submitter?.name) body.append(event.submitter.name, event.submitter.value);
      say(form, "");
      send(form, body);
    });
    if (isShownAgain) return await keep(form, { typed: typedIn(form).toString() });
    const draft = await kept(form);
    if (!draft) return;
    const typed = new URLSearchParams(draft.pending ?? draft.typed);
    putBack(form, typed);
    if (draft.pending) return await send(form, typed);
    if (!isEmpty(form, typed)) say(form, "restored");
  }

  if (document.querySelector("[data-forgets-drafts]")) forgetAll();
  document.querySelector('form[action="/logout"]')?.addEventListener("submit", forgetAll);
  forgetOld();
  begin(document.querySelector("form[data-draft-key]"));
})();
