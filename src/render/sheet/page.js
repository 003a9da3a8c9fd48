"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const textOf = (element) => ("value" in element ? element.value : element.textContent);
  const say = (words) => { byId("said").textContent = words; };

  // Copying: the clipboard, else an older way, else the value is selected for the keyboard.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      area.className = "unseen";
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }

  function select(element) {
    if ("select" in element) {
      element.focus();
      element.select();
    } else {
      getSelection().selectAllChildren(element);
    }
  }

  function answerOf(button, words, done) {
    clearTimeout(button.timer);
    button.before ??= button.textContent;
    button.textContent = words;
    button.classList.toggle("copied", done);
    button.timer = setTimeout(() => {
      button.textContent = button.before;
      button.classList.remove("copied");
    }, 2500);
    say(words);
  }

  for (const button of all("button.copy")) {
    button.addEventListener("click", async () => {
      const from = byId(button.dataset.copy);
      const done = await copy(textOf(from));
      if (done) {
        unsaved = unsaved && from.id !== "result-text";
      } else {
        select(from);
      }
      button.focus({ preventScroll: true });
      answerOf(button, done ? "copied" : "press Ctrl+C", done);
    });
  }

  // Downloads are made here, from what the page holds.
  for (const button of all("button.download")) {
    button.addEventListener("click", () => {
      const from = byId(button.dataset.from);
      const url = URL.createObjectURL(new Blob([textOf(from)], { type: "text/plain;charset=utf-8" }));
      const link = document.createElement("a");
      link.href = url;
      link.download = button.dataset.file;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10000);
      unsaved = unsaved && from.id !== "result-text";
      say("saved");
    });
  }

  // Steps that are done.
  function progress(side) {
    const boxes = all(".done", side);
    const done = boxes.filter((box) => box.checked).length;
    side.querySelector(".progress").textContent = done ? `${done} of ${boxes.length} steps done` : "";
  }
  for (const side of all(".side")) {
    side.addEventListener("change", () => progress(side));
    progress(side);
  }

  // The answers file. Written as ssoctl itself writes it.
  const OTHER_READING = ["false", "n", "no", "null", "off", "on", "true", "y", "yes"];
  const NEEDS_ESCAPE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]/u;
  const SHORT = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

  function escape(character) {
    if (SHORT[character]) {
      return SHORT[character];
    }
    if (!NEEDS_ESCAPE.test(character)) {
      return character;
    }
    const code = character.codePointAt(0);
    const [mark, digits] = code <= 0xff ? ["x", 2] : code <= 0xffff ? ["u", 4] : ["U", 8];
    return `\\${mark}${code.toString(16).padStart(digits, "0")}`;
  }

  const quoted = (text) => `"${[...text].map(escape).join("")}"`;
  const isPlain = (name) => /^[a-z][a-z0-9_]*$/.test(name) && !OTHER_READING.includes(name);

  function isBlock(text) {
    const body = text.endsWith("\n") ? text.slice(0, -1) : text;
    const isLine = (line) => line === "" || (line.trim() !== "" && ![...line].some((c) => c !== "\t" && NEEDS_ESCAPE.test(c)));
    return body.includes("\n") && !body.endsWith("\n") && !/^[\n \t]/.test(body) && body.split("\n").every(isLine);
  }

  function block(text) {
    const [mark, body] = text.endsWith("\n") ? ["|", text.slice(0, -1)] : ["|-", text];
    const lines = body.split("\n").map((line) => (line === "" ? "" : `  ${line}`));
    return `${mark}\n${lines.join("\n")}`;
  }

  function yamlLine(name, value) {
    // Half of a character cannot be written to a file.
    const text = value.replace(/\p{Surrogate}/gu, "\ufffd");
    return `${isPlain(name) ? name : quoted(name)}: ${isBlock(text) ? block(text) : quoted(text)}\n`;
  }

  // What each kind of answer must look like. Each gives words, or nothing.
  const CHECKS = {
    certificate(value) {
      const body = value.match(/^-----BEGIN CERTIFICATE-----\s([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----$/);
      const isBare = /^MII[A-Za-z0-9+/=\s]{100,}$/.test(value);
      return body || isBare ? "" : "This is no PEM certificate: paste it from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, both lines included.";
    },
    date(value) {
      const isDay = /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(`${value}T00:00:00Z`)) && new Date(`${value}T00:00:00Z`).toISOString().startsWith(value);
      return isDay ? "" : "Write a day as year-month-day, such as 2027-05-01.";
    },
    text(value) {
      return /^\s|\s$/.test(value) ? "It begins or ends with a space: is that meant?" : "";
    },
    url(value) {
      const url = URL.canParse(value) && !/\s/.test(value) ? new URL(value) : null;
      if (url === null || !["https:", "http:", "ldaps:", "ldap:"].includes(url.protocol)) {
        return "Write the whole address, beginning with https://";
      }
      return url.protocol !== "http:" ? "" : "This address begins with http://, which is not safe. Is there one with https://?";
    },
    xml(value) {
      return value.startsWith("<") && value.endsWith(">") ? "" : "This is no XML document: paste it from the first < to the last >.";
    },
  };

  const form = byId("answers");
  let unsaved = false;

  function valueOf(answer) {
    const { kind, secret } = answer.dataset;
    const value = answer.querySelector(".input").value;
    if (secret !== undefined) {
      return value;
    }
    return kind === "certificate" || kind === "xml" ? value.replace(/\r\n?/g, "\n").replace(/^\ufeff/, "").trim() : value.trim();
  }

  const isLeftOut = (answer) => answer.querySelector(".leave-out")?.checked ?? false;
  const holdsKey = (value) => /PRIVATE KEY-----/.test(value);

  function problemOf(answer, isFinal) {
    const value = valueOf(answer);
    if (isLeftOut(answer)) {
      return "";
    }
    if (value.trim() === "") {
      return isFinal && answer.dataset.optional === undefined ? "This is still missing." : "";
    }
    if (holdsKey(value)) {
      return "This holds a private key, which must not leave your side. It is not put into the file: paste the certificate alone.";
    }
    return CHECKS[answer.dataset.kind](value);
  }

  function check(answer, isFinal) {
    const words = problemOf(answer, isFinal);
    const place = answer.querySelector(".problem");
    if (place.textContent !== words) {
      place.textContent = words;
    }
    answer.querySelector(".input").setAttribute("aria-invalid", words === "" ? "false" : "true");
    return words === "";
  }

  function yaml() {
    return all(".answer", form).map((answer) => {
      const { name } = answer.dataset;
      const value = valueOf(answer);
      if (isLeftOut(answer)) {
        return `# ${name}: sent another way\n`;
      }
      return value.trim() === "" || holdsKey(value) ? "" : yamlLine(name, value);
    }).join("");
  }

  function show() {
    const open = all(".answer", form).filter((answer) => !check(answer, true)).length;
    byId("result-text").value = yaml();
    byId("result-words").textContent = open === 0
      ? "All filled in."
      : `${open === 1 ? "One field above needs" : `${open} fields above need`} another look. The file can be sent all the same.`;
    byId("result").hidden = false;
  }

  // DER, as some consoles save a certificate, becomes PEM.
  function pem(bytes) {
    const base64 = btoa(String.fromCharCode(...bytes)).replace(/.{64}(?=.)/g, "$&\n");
    return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----`;
  }

  async function fromFile(answer, file) {
    if (file.size > 1048576) {
      answer.querySelector(".problem").textContent = "This file is larger than 1 MiB: it is hardly the right one.";
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const isDer = answer.dataset.kind === "certificate" && bytes[0] === 0x30 && bytes.length < 65536;
    answer.querySelector(".input").value = isDer ? pem(bytes) : new TextDecoder().decode(bytes).trim();
    changed(answer);
  }

  function changed(answer) {
    unsaved = true;
    check(answer, !byId("result").hidden);
    if (!byId("result").hidden) {
      show();
    }
  }

  for (const answer of form ? all(".answer", form) : []) {
    const input = answer.querySelector(".input");
    input.addEventListener("input", () => {
      unsaved = true;
      if (!byId("result").hidden) {
        show();
      }
    });
    input.addEventListener("change", () => changed(answer));
    answer.querySelector(".from-file")?.addEventListener("change", (event) => {
      const [file] = event.target.files;
      if (file) {
        fromFile(answer, file);
      }
    });
    answer.querySelector(".leave-out")?.addEventListener("change", (event) => {
      for (const part of all(".input, .show, .from-file", answer)) {
        part.disabled = event.target.checked;
      }
      changed(answer);
    });
    answer.querySelector(".show")?.addEventListener("click", (event) => {
      const isHidden = input.type === "password";
      input.type = isHidden ? "text" : "password";
      event.target.setAttribute("aria-pressed", String(isHidden));
      event.target.textContent = isHidden ? "Hide" : "Show";
    });
  }

  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
    byId("result-title").focus({ preventScroll: true });
    byId("result").scrollIntoView({ block: "nearest" });
  });

  addEventListener("beforeunload", (event) => {
    if (unsaved) {
      event.preventDefault();
    }
  });
})();
