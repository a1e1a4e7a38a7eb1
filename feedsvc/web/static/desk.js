// The desk works without this. With it pages renew themselves, countdowns run, and a sign-in link leaves the address.
"use strict";

const EVERY = 5000;

const ticket = document.querySelector("form[data-ticket]");
if (ticket) {
  history.replaceState(null, "", location.pathname);
  ticket.submit();
}

// On a narrow screen the navigation is longer than the screen: let the page that is open stand in it.
const bar = document.querySelector(".top nav"), open = bar && bar.querySelector("[aria-current]");
if (open && bar.scrollWidth > bar.clientWidth) bar.scrollLeft = open.offsetLeft - (bar.clientWidth - open.offsetWidth) / 2;

const told = (seconds) => {
  if (seconds <= 0) return "now";
  const parts = [[86400, "day", "days"], [3600, "h", "h"], [60, "min", "min"], [1, "s", "s"]];
  const said = [];
  for (const [unit, one, many] of parts) {
    const count = Math.floor(seconds / unit);
    seconds -= count * unit;
    if (count) said.push(`${count} ${count === 1 ? one : many}`);
    if (said.length === 2 || (said.length && !count)) break;
  }
  return `in ${said.join(" ")}`;
};

const count = () => {
  for (const one of document.querySelectorAll("time[data-countdown]")) {
    const left = Math.round((Date.parse(one.dateTime) - Date.now()) / 1000);
    if (Number.isFinite(left)) one.textContent = told(left);
  }
};

// A part of the page that somebody works in stays as it is.
const focusIn = (part) => part !== document.activeElement && part.contains(document.activeElement);
const inUse = (part) => focusIn(part) || part.querySelector("details[open]") || selectedIn(part);
const selectedIn = (part) => {
  const selection = document.getSelection();
  return selection && !selection.isCollapsed && part.contains(selection.anchorNode);
};

const put = (text) => {
  const next = new DOMParser().parseFromString(text, "text/html");
  const main = document.querySelector("main"), fresh = next.querySelector("main");
  const names = (root) => [...root.querySelectorAll("[data-live]")].map((part) => part.dataset.live).join();
  document.title = next.title;
  if (names(main) !== names(fresh)) {
    if (!inUse(main)) main.replaceChildren(...fresh.childNodes);
    return;
  }
  for (const part of main.querySelectorAll("[data-live]")) {
    const other = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (other && other.innerHTML !== part.innerHTML && !inUse(part)) part.replaceWith(other);
  }
};

let tag = null, stopped = false;
const line = document.querySelector("[data-fresh]");
const say = (text) => {
  if (line) {
    line.hidden = false;
    if (line.textContent !== text) line.textContent = text;
  }
};

const renew = async () => {
  if (document.hidden || stopped) return;
  try {
    const answer = await fetch(location.href, {
      cache: "no-store",
      credentials: "same-origin",
      headers: tag ? { "If-None-Match": tag, "Accept": "text/html" } : { "Accept": "text/html" },
    });
    if (answer.status === 200) {
      tag = answer.headers.get("ETag");
      put(await answer.text());
    } else if (answer.status === 401) {
      stopped = true;
      say("Signed out. Load the page anew to sign in.");
      return;
    } else if (answer.status !== 304) {
      throw new Error(answer.status);
    }
    say("Renews itself");
  } catch {
    say("The service does not answer; this is what was known last.");
  }
  count();
};

if (document.querySelector("[data-live]")) {
  count();
  setInterval(count, 1000);
  setInterval(renew, EVERY);
  document.addEventListener("visibilitychange", renew);
  say("Renews itself");
}
