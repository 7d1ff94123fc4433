/* Progressive enhancement only: every job works without this file. No framework, no inline handlers. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const all = (selector, base = document) => [...base.querySelectorAll(selector)];
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  /* A form is sent once: the second tap of an impatient thumb is swallowed. */
  function guardDoubleSubmit(form) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "1";
      form.setAttribute("aria-busy", "true");
      setTimeout(() => delete form.dataset.sent, 8000);
    });
  }

  /* Nothing is sent into a dead network, for the browser's own page would take the place of what was typed.
     A device may call itself offline and still reach this server (a network without internet), so that is asked. */
  function keepWhileOffline(form) {
    if (form.matches("[data-hall-act]")) return; /* the hall keeps its presses by itself */
    let reached = false;
    form.addEventListener("submit", async (event) => {
      if (navigator.onLine || reached) { reached = false; return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      reached = await fetch("/healthz", { cache: "no-store" }).then((answer) => answer.ok, () => false);
      form.querySelector("[data-offline]")?.remove();
      if (reached) return form.requestSubmit(submitter);
      const words = document.createElement("p");
      words.className = "notice warning section";
      words.dataset.offline = "";
      words.setAttribute("role", "alert");
      words.textContent = "现在没有网络，还没有送出。填好的内容都在这一页，连上网后再按一次。";
      form.append(words);
      words.scrollIntoView({ block: "nearest" });
    });
  }

  /* Text that is not sent yet is not lost by a stray tap on a link. */
  function guardTyped(form) {
    let typed = false;
    form.addEventListener("input", () => { typed = true; });
    form.addEventListener("submit", () => { typed = false; });
    addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
  }

  /* `/` searches, `j` and `k` walk the rows, Enter opens, as the desk's help line says. */
  function keyboard() {
    let at = -1;
    const go = (rows, step) => {
      const links = rows.map((row) => row.querySelector("a"));
      at = Math.min(Math.max(at + step, 0), rows.length - 1);
      rows.forEach((row, i) => row.classList.toggle("is-current", i === at));
      links[at]?.focus();
    };
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (event.key === "/") {
        const field = document.querySelector("main [data-search], main input[type=search]") || document.querySelector("[data-search]");
        if (field) { event.preventDefault(); field.focus(); field.select(); }
      } else if (event.key === "j" || event.key === "k") {
        const rows = all("[data-row]"); /* asked for anew: some lists are drawn again while one looks */
        if (rows.length) go(rows, event.key === "j" ? 1 : -1);
      }
    });
  }

  /* Two minutes before the session ends the page says so and offers to stay (domain.md D.7). */
  function sessionWarning() {
    const idle = Number(document.querySelector("meta[name=session-idle]")?.content);
    if (!idle) return;
    const extend = document.querySelector("meta[name=session-extend]")?.content;
    const lead = 120;
    let timer;
    const show = () => {
      const bar = document.createElement("div");
      bar.className = "session-warning no-print";
      bar.setAttribute("role", "alert");
      const row = document.createElement("div");
      row.className = "container";
      const words = document.createElement("p");
      words.textContent = "再过2分钟没有操作，就会自动退出登录。";
      const stay = document.createElement("button");
      stay.type = "button";
      stay.className = "button secondary";
      stay.textContent = "继续使用";
      stay.addEventListener("click", async () => {
        const answer = await fetch(extend || location.href, { credentials: "same-origin" }).catch(() => null);
        if (answer && answer.ok && !answer.redirected) { bar.remove(); start(); }
        else words.textContent = "已经退出登录。填好的内容还在这一页，请在另一个窗口登录后再提交。";
      });
      row.append(words, stay);
      bar.append(row);
      document.body.append(bar);
      timer = setTimeout(() => { words.textContent = "已经退出登录。填好的内容还在这一页，请在另一个窗口登录后再提交。"; stay.remove(); }, lead * 1000);
    };
    const start = () => { clearTimeout(timer); timer = setTimeout(show, Math.max(idle - lead, 5) * 1000); };
    start();
  }

  /* Reads a part of the page aloud where the browser has a voice; the button is hidden otherwise. */
  function readAloud() {
    if (!("speechSynthesis" in window)) return;
    all("[data-read-aloud]").forEach((button) => {
      const target = document.getElementById(button.dataset.readAloud);
      if (!target) return;
      const words = button.querySelector("span");
      const label = words.textContent;
      const rest = () => { words.textContent = label; button.setAttribute("aria-pressed", "false"); };
      button.hidden = false;
      button.addEventListener("click", () => {
        if (speechSynthesis.speaking) { speechSynthesis.cancel(); return rest(); }
        const speech = new SpeechSynthesisUtterance(target.innerText);
        speech.lang = "zh-CN";
        speech.rate = 0.9;
        speech.onend = speech.onerror = rest;
        words.textContent = "停止朗读";
        button.setAttribute("aria-pressed", "true");
        speechSynthesis.speak(speech);
      });
    });
    addEventListener("pagehide", () => speechSynthesis.cancel());
  }

  /* The device's position fills the form of "my station"; it is asked for only by a tap. */
  function locate(form) {
    const button = form.querySelector("[data-locate-button]");
    const status = form.querySelector("[data-locate-status]");
    if (!button || !navigator.geolocation) return button?.remove();
    button.addEventListener("click", () => {
      if (status) status.textContent = "正在找您的位置……";
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          form.elements.lat.value = coords.latitude.toFixed(5);
          form.elements.lng.value = coords.longitude.toFixed(5);
          form.requestSubmit ? form.requestSubmit() : form.submit();
        },
        () => { if (status) status.textContent = "没有拿到您的位置，请填写街道或社区的名称。"; },
        { timeout: 10000, maximumAge: 300000 },
      );
    });
  }

  function copy(button) {
    if (!navigator.clipboard) return button.remove();
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      const words = button.querySelector("span") || button;
      const label = words.textContent;
      words.textContent = "已复制";
      setTimeout(() => { words.textContent = label; }, 2000);
    });
  }

  /* Older browsers cannot keep a fold open by style on a wide screen. */
  function unfold() {
    if (CSS.supports("selector(::details-content)")) return;
    if (matchMedia("(min-width: 768px)").matches) all("[data-filters]").forEach((fold) => { fold.open = true; });
    if (matchMedia("(min-width: 1000px)").matches) all("[data-side-nav]").forEach((fold) => { fold.open = true; });
  }

  /* Back to a page that came by sending a form opens its address, not the browser's own error page. */
  function forgetPosting() {
    if (document.querySelector("[data-posted]")) history.replaceState(history.state, "", location.href);
  }

  addEventListener("DOMContentLoaded", () => {
    forgetPosting();
    all("form[method=post]").forEach(keepWhileOffline);
    all("form[method=post]").forEach(guardDoubleSubmit);
    all("form[data-guard]").forEach(guardTyped);
    all("form[data-locate]").forEach(locate);
    all("[data-copy]").forEach(copy);
    all("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
    document.querySelector("[data-focus]")?.focus();
    keyboard();
    sessionWarning();
    readAloud();
    unfold();
  });
  /* A page that comes back from the history may be sent again. */
  addEventListener("pageshow", (event) => { if (event.persisted) all("form[data-sent]").forEach((form) => delete form.dataset.sent); });
})();
