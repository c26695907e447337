// Passkeys: the browser's dialog between a form's button and its submission. A form says with data-passkey what it is
// for: "sign-in" (asks the server for a challenge), "authenticate" and "add" (the challenge lies in #passkey-options).

import { gettext, interpolate } from "../mirage/words.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

/** The server's options with their binary fields as the browser wants them. */
function decoded(options) {
  const known = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.allowCredentials && { allowCredentials: known(options.allowCredentials) }),
    ...(options.excludeCredentials && { excludeCredentials: known(options.excludeCredentials) }),
  };
}

/** What the browser gives, as the server reads it. */
function encoded(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

const given = () => JSON.parse(document.getElementById("passkey-options").textContent);

async function challenge(form) {
  const answer = await fetch(form.action, {
    headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
  });
  if (!answer.ok) throw new Error(gettext("The server gave no challenge."));
  return answer.json();
}

const ceremonies = {
  async "sign-in"(form) {
    return navigator.credentials.get({ publicKey: decoded((await challenge(form)).request_options.publicKey) });
  },
  async authenticate() {
    return navigator.credentials.get({ publicKey: decoded(given().request_options.publicKey) });
  },
  async add(form) {
    const alone = form.elements.passwordless.checked;
    const options = decoded(given().creation_options.publicKey);
    options.authenticatorSelection = {
      ...options.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      userVerification: alone ? "required" : "preferred",
    };
    return navigator.credentials.create({ publicKey: options });
  },
};

const WORDS = {
  NotAllowedError: gettext("It was cancelled, or no passkey of yours was found on this device."),
  InvalidStateError: gettext("This device has a passkey for your account already."),
  SecurityError: gettext("Passkeys work over HTTPS, and under the server's name, not its number."),
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const problem = form.querySelector(".error[hidden]");
  const button = form.querySelector("button");
  const supported = Boolean(window.PublicKeyCredential);
  if (supported) button.hidden = button.disabled = false; // pressed before, the form would be sent without its passkey
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      const credential = await ceremonies[form.dataset.passkey](form);
      form.elements.credential.value = JSON.stringify(encoded(credential));
      form.submit();
    } catch (error) {
      problem.textContent =
        WORDS[error.name] ?? interpolate(gettext("That did not work: %(reason)s"), { reason: error.message });
      problem.hidden = false;
    }
  });
}
