// Before all files of tests: one sample shop, which each server of the run gets a copy of.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { behoud } from "./places";

declare module "vitest" {
  interface ProvidedContext {
    sample: string;
  }
}

export default function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), "behoud-e2e-"));
  const sample = join(folder, "sample");
  // The shop that script/server makes.
  execFileSync(behoud, ["sample", "--customers", "2000", "--years", "3", "--seed", "1", "--data", sample], { stdio: "pipe" });
  project.provide("sample", sample);
  return () => rmSync(folder, { recursive: true, force: true });
}
