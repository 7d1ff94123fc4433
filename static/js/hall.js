/* The hall's pages stay right by themselves. Without this file the forms are plain forms and the screen
   loads itself anew. With it: a press of a button whose network is away is kept and sent again until it
   arrives (the server knows its client_key, so nothing happens twice), the list and the screen ask for news. */
(() => {
  "use strict";
  const EVERY = 3000; // ms between two questions
  const PATIENCE = 8000; // ms until a question counts as lost
  const DOUBLE = 350; // ms within which a second press is a hand that clicked twice
  const KEPT = "hall-pending";
  const KEPT_FOR = 10 * 60 * 1000; // ms after which a kept press is no longer meant

  const later = (ms) => new Promise((done) => setTimeout(done, ms));

  /* The answer, or null when the network (or the server behind it) was not there. */
  async function ask(url, options = {}) {
    const given = new AbortController();
    const timer = setTimeout(() => given.abort(), PATIENCE);
    try {
      const answer = await fetch(url, { credentials: "same-origin", signal: given.signal, ...options });
      if ([502, 503, 504].includes(answer.status)) return null;
      return { answer, text: await answer.text() };
    } catch { return null; } finally { clearTimeout(timer); }
  }

  /* Signed out meanwhile: the sign-in page is to be seen, not put into this one. */
  const signedOut = (answer) => answer.redirected && new URL(answer.url).pathname.startsWith("/accounts/");

  /* ---- a desk page: presses that are kept, a list that is drawn anew ---- */

  function desk() {
    const body = () => document.querySelector(".desk-body");
    const hall = () => document.querySelector("[data-hall]");
    let pending = kept();

    function kept() {
      try {
        const found = JSON.parse(sessionStorage.getItem(KEPT));
        return found && found.page === location.pathname && Date.now() - found.at < KEPT_FOR ? found : null;
      } catch { return null; }
    }
    function keep(press) {
      pending = press;
      try { press ? sessionStorage.setItem(KEPT, JSON.stringify(press)) : sessionStorage.removeItem(KEPT); } catch { /* a browser that keeps nothing still sends */ }
    }

    function say(words) {
      const status = hall()?.querySelector("[data-hall-status]");
      if (!status) return;
      status.hidden = !words;
      status.querySelector("[data-hall-words]").textContent = words;
      status.querySelector("[data-hall-drop]").hidden = !pending;
    }
    function rest(on) {
      hall()?.setAttribute("aria-busy", String(on));
      document.querySelectorAll("[data-hall] form button[type=submit]").forEach((button) => { button.disabled = on; });
    }

    function show(text, url) {
      const fresh = new DOMParser().parseFromString(text, "text/html");
      const region = fresh.querySelector(".desk-body");
      if (!region?.querySelector("[data-hall]")) return location.assign(url);
      body().replaceWith(document.adoptNode(region));
      document.title = fresh.title;
      if (url) history.replaceState(history.state, "", url);
      const first = region.querySelector("[autofocus]") || region.querySelector(".button.primary");
      first?.focus({ preventScroll: true });
    }

    /* At a window the next step's button stands where the last one stood: a double click must not take both. */
    async function showAndRest(text, url, press) {
      show(text, url);
      const left = DOUBLE - (Date.now() - press.at);
      if (!hall()?.dataset.poll || left <= 0) return;
      const region = hall();
      rest(true);
      await later(left);
      if (hall() !== region) return;
      rest(false);
      region.querySelector(".button.primary")?.focus({ preventScroll: true });
    }

    async function send(press) {
      keep(press);
      rest(true);
      for (;;) {
        const got = await ask(press.url, { method: "POST", body: press.body, headers: { "Content-Type": "application/x-www-form-urlencoded" } });
        if (pending !== press) return;
        if (got) {
          keep(null);
          if (signedOut(got.answer)) return location.assign(got.answer.url);
          if (!got.answer.ok) return location.assign(press.page);
          return showAndRest(got.text, got.answer.url, press);
        }
        say(`“${press.label}”还没有送到，网络恢复后会自动送出，不用再按。`);
        await later(navigator.onLine ? 1500 : 1000);
      }
    }

    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (event.defaultPrevented || !form.matches("[data-hall-act]")) return;
      event.preventDefault();
      if (pending || hall().getAttribute("aria-busy") === "true") return;
      const data = new FormData(form);
      if (event.submitter?.name) data.append(event.submitter.name, event.submitter.value);
      send({ url: form.action, body: new URLSearchParams(data).toString(), label: form.dataset.hallAct, page: location.pathname, at: Date.now() });
    });
    document.addEventListener("click", (event) => {
      if (!event.target.closest("[data-hall-drop]")) return;
      keep(null);
      location.reload();
    });

    /* n, r, s, f press what the help line says. */
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (event.target.closest("input, textarea, select, [contenteditable]")) return;
      const form = document.querySelector(`[data-hall] form[data-key="${CSS.escape(event.key)}"]`);
      form?.requestSubmit();
    });

    const busy = () => pending || body().contains(document.activeElement) && document.activeElement.matches("input, select, textarea");

    async function redraw() {
      const got = await ask(location.href);
      if (got && !busy() && !signedOut(got.answer)) show(got.text, "");
    }

    async function poll() {
      const region = hall();
      const url = region?.dataset.poll;
      if (!url || document.hidden || pending) return;
      const got = await ask(url);
      if (pending || hall() !== region) return;
      if (!got) return say("名单不是最新的，正在重新连接。现在按的按钮会在网络恢复后送出。");
      if (signedOut(got.answer)) return location.assign(got.answer.url);
      if (!got.answer.ok) return;
      say("");
      const fresh = new DOMParser().parseFromString(got.text, "text/html").querySelector("[data-stands-now]");
      if (!fresh) return;
      if (fresh.dataset.standsNow !== region.dataset.stands) return busy() ? undefined : redraw();
      const line = region.querySelector("[data-hall-line]");
      if (!line.contains(document.activeElement)) line.replaceChildren(document.adoptNode(fresh));
    }

    if (pending) send(pending);
    (async () => { for (;;) { await later(EVERY); await poll(); } })();
    addEventListener("online", poll);
  }

  /* ---- the screen ---- */

  function screen(board) {
    const away = document.querySelector("[data-board-away]");
    const since = document.querySelector("[data-board-since]");
    const fresh = document.querySelector("[data-board-fresh]");
    const calls = () => new Map([...board.querySelectorAll("[data-call]")].map((row) => [row.dataset.call, row]));
    let known = calls();
    let drawn = board.innerHTML;

    function emphasise() {
      const now = calls();
      for (const [call, row] of now) {
        if (known.has(call) || !row.classList.contains("is-called")) continue;
        row.classList.add("is-new");
        if (board.dataset.voice && "speechSynthesis" in window) {
          const speech = new SpeechSynthesisUtterance(row.dataset.say);
          speech.lang = "zh-CN";
          speech.rate = 0.85;
          speechSynthesis.speak(speech);
        }
      }
      known = now;
    }

    async function poll() {
      const got = await ask(board.dataset.board, { cache: "no-cache" });
      if (!got || !got.answer.ok) {
        since.textContent = fresh.textContent;
        away.hidden = false;
        return;
      }
      away.hidden = true;
      const at = new Date(got.answer.headers.get("Date") || Date.now());
      fresh.textContent = at.toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
      if (got.text === drawn) return;
      drawn = got.text;
      board.innerHTML = got.text;
      emphasise();
    }

    (async () => { for (;;) { await later(EVERY); await poll(); } })();
    addEventListener("online", poll);
  }

  addEventListener("DOMContentLoaded", () => {
    if (document.querySelector("[data-hall]")) desk();
    const board = document.querySelector("[data-board]");
    if (board) screen(board);
  });
})();
