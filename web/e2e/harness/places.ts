// Where the tests find what they need. Every place can be named by the environment.
import { fileURLToPath } from "node:url";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export const top = here("../../../");
export const behoud = process.env["BEHOUD_BINARY"] ?? here("../../../build/debug/behoud");
export const dashboard = process.env["BEHOUD_WEB"] ?? here("../../dist");
export const chromium = process.env["BEHOUD_CHROMIUM"] ?? "/usr/bin/chromium";
export const exportsFolder = here("../../../testdata/exports/");
export const picturesFolder = here("../../../docs/pictures/");
export const failuresFolder = here("../../../build/web/e2e-failures/");
export const makesPictures = (process.env["BEHOUD_PICTURES"] ?? "") !== "";
