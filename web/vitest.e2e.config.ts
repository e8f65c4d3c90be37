import { defineConfig } from "vitest/config";

// The dashboard in a real browser against a real server: script/test e2e. BEHOUD_BINARY names the server to start.
export default defineConfig({
  test: {
    // BEHOUD_SPEED: what is timed, by itself and not beside the tests (script/bench dashboard). BEHOUD_LARGE: what takes the whole machine.
    include: [process.env["BEHOUD_SPEED"] ? "e2e/**/*.speed.ts" : process.env["BEHOUD_LARGE"] ? "e2e/**/*.large.ts" : "e2e/**/*.e2e.ts"],
    environment: "node",
    globalSetup: ["e2e/harness/setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // As long as a page waits for its own elements (harness/shop.ts): a second is not enough for an answer on a machine that is busy.
    expect: { poll: { timeout: 15_000 } },
    // A browser and a server each: as many as cores on a small machine.
    maxWorkers: process.env["BEHOUD_SPEED"] ? 1 : 2,
    retry: 0,
  },
});
