// The languages there are, without their words.
export const languages = ["en", "nl", "sv"] as const;
export type Language = (typeof languages)[number];
export const languageNames: Record<Language, string> = { en: "English", nl: "Nederlands", sv: "Svenska" };

/** Where the words lie that are not in the first load. */
export const further = { nl: () => import("./nl"), sv: () => import("./sv") };
