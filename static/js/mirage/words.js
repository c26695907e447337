// What the page says in the language of whoever looks at it. The catalogue is a script of its own before the modules
// (static/words/); without one everything stays in English.
const catalogue = globalThis.mirageWords ?? { words: {}, plural: (number) => Number(number !== 1) };
const BETWEEN = "\u0004"; // stands between context and text, as in gettext's own files

function found(key) {
  const words = Object.hasOwn(catalogue.words, key) ? catalogue.words[key] : undefined;
  return Array.isArray(words) ? words[0] : words;
}

export function gettext(text) {
  return found(text) ?? text;
}

export function pgettext(context, text) {
  return found(context + BETWEEN + text) ?? text;
}

export function ngettext(one, many, number) {
  const words = Object.hasOwn(catalogue.words, one) ? catalogue.words[one] : undefined;
  return Array.isArray(words) ? words[catalogue.plural(number)] : number === 1 ? one : many;
}

// Puts values in place of %(name)s.
export function interpolate(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_whole, name) => String(values[name]));
}

// A number with the separators of the page's language.
export function number(value) {
  return value.toLocaleString(document.documentElement.lang || "en");
}
