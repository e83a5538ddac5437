// The alternative texts of an image, one field for each language. What the author wrote is never written over.

export function description(form) {
  const fields = [...form.querySelectorAll("[name^=alt_]")];
  let suggested = {};

  return {
    reset() {
      suggested = {};
    },
    // Fills in what the library says of an image, { en: … }.
    suggest(alt) {
      for (const field of fields.filter((field) => field.value === (suggested[field.lang] ?? ""))) {
        field.value = alt[field.lang];
      }
      suggested = alt;
    },
    focus(language) {
      fields.find((field) => field.lang === language).focus();
    },
    // Returns the names of the languages without a text: of all of them, or of one.
    lacking(isEverywhere, language) {
      const empty = fields.filter((field) => !field.value.trim() && (isEverywhere || field.lang === language));
      empty[0]?.focus();
      return empty.map((field) => field.dataset.name).join(", ");
    },
    texts() {
      return Object.fromEntries(fields.map((field) => [field.name, field.value]));
    },
  };
}
