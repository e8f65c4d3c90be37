import react from "@vitejs/plugin-react";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import type { Plugin } from "vite";
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

// The rest of the script and the font are named in the head of the page, so that they come beside its first module and not after it.
const ahead: Plugin = {
  name: "ahead",
  transformIndexHtml: {
    order: "post",
    handler(html, context) {
      const files = Object.values(context.bundle ?? {});
      const chunks = files.filter((file) => file.type === "chunk");
      const main = chunks.find((chunk) => chunk.facadeModuleId?.endsWith("/src/main.tsx"));
      const scripts = main ? [main.fileName, ...main.imports].filter((name) => !html.includes(`"/${name}"`)) : [];
      const fonts = files.filter((file) => file.fileName.endsWith(".woff2"));
      return [
        ...scripts.map((name) => ({ tag: "link", injectTo: "head" as const, attrs: { rel: "modulepreload", crossorigin: "", href: `/${name}` } })),
        ...fonts.map((font) => ({ tag: "link", injectTo: "head" as const, attrs: { rel: "preload", as: "font", type: "font/woff2", crossorigin: "", href: `/${font.fileName}` } })),
      ];
    },
  },
};

export default defineConfig({
  plugins: [react(), contract, ahead],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Few files: what first.ts needs, and what every page shares. The pages, the further languages and the chart are apart.
          groups: [
            { name: "start", priority: 2, test: /\/src\/(api\/(asked|contract|early)|app\/(late|routes)|state\/(days|prefs|view)|ui\/scheme|words\/languages)\.ts$/ },
            { name: "base", priority: 1, test: (id: string) => /\/node_modules\/(react|react-dom|scheduler|wouter|regexparam|use-sync-external-store|@tanstack)\//.test(id) || /\/src\/((api|app|state|ui|words)\/[A-Za-z_]+\.tsx?|words\/en\/[a-z]+\.json)$/.test(id) && !/\/(first\.ts|chart_engine\.ts)$/.test(id) },
          ],
        },
      },
    },
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
