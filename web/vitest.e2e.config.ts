import { defineConfig } from "vitest/config";

// The dashboard in a real browser against a real server: script/test e2e. BEHOUD_BINARY names the server to start.
export default defineConfig({
  test: {
    include: ["e2e/**/*.e2e.ts"],
    environment: "node",
    globalSetup: ["e2e/harness/setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A browser and a server each: as many as cores on a small machine.
    maxWorkers: 2,
    retry: 0,
  },
});
