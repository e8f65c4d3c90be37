import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The dashboard is static files that a Behoud server gives from its own origin. While developing, the server's answers
// come from BEHOUD_URL, so that cookies and the page have one origin there too.
const server = process.env["BEHOUD_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
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
    environment: "jsdom",
    setupFiles: ["src/test_setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    css: false,
  },
});
