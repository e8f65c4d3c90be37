import react from "@vitejs/plugin-react";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { parse } from "yaml";

// The dashboard is static files that a Behoud server gives from its own origin. While developing, the server's answers
// come from BEHOUD_URL, so that cookies and the page have one origin there too.
const server = process.env["BEHOUD_URL"] ?? "http://127.0.0.1:8080";

// api/openapi.yaml as a module, so that the page of the API needs no reader of YAML.
const contractFile = fileURLToPath(new URL("../api/openapi.yaml", import.meta.url));
const contract = {
  name: "contract",
  resolveId: (id: string) => (id === "virtual:contract" ? "\0contract" : null),
  load(this: { addWatchFile(file: string): void }, id: string) {
    if (id !== "\0contract") return null;
    this.addWatchFile(contractFile);
    return `export default ${JSON.stringify(parse(readFileSync(contractFile, "utf8")))};`;
  },
};

export default defineConfig({
  plugins: [react(), contract],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
  server: {
    port: Number(process.env["PORT"] ?? 5173),
    proxy: { "/api": server, "/health": server, "/report": server },
  },
  test: {
    // What needs a page says so in its first line: "@vitest-environment jsdom".
    environment: "node",
    setupFiles: ["src/test_setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    css: false,
    testTimeout: 60_000,
  },
});
