import type { Catalogue } from "../catalogue";
import core from "./core.json";
import costs from "./costs.json";
import customers from "./customers.json";
import imports from "./import.json";
import settings from "./settings.json";

const words: Catalogue = { ...core, ...costs, ...customers, ...imports, ...settings };
export default words;
