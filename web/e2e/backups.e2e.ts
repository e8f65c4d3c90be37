// A backup from the settings page: made, saved as a file that is the shop, and removed.
import { readFileSync } from "node:fs";
import { describe, expect } from "vitest";
import { expectAccessible } from "./harness/axe";
import { expectNoSideways, settled } from "./harness/look";
import { test } from "./harness/shop";
import { say } from "./harness/words";

describe("a backup", () => {
  test("is made, saved and removed on the settings page, in each language", async ({ visitor }) => {
    for (const language of ["en", "nl", "sv"] as const) {
      const t = say[language];
      const page = await visitor({ signedIn: true, language, width: 360, height: 800, path: "/settings?shop=own" });
      await settled(page);
      const section = page.locator("section", { has: page.getByRole("heading", { name: t("settings.backups"), exact: true }) });
      await section.getByText(t("settings.backups_none")).waitFor();
      await section.getByRole("button", { name: t("settings.backup_new") }).click();
      const save = section.getByRole("link");
      await save.waitFor();
      await section.getByText(t("settings.backup_making")).waitFor({ state: "hidden" });
      await expectAccessible(page, `settings with a backup, ${language}`);
      await expectNoSideways(page, `settings with a backup, ${language}`);
      const wait = page.waitForEvent("download");
      await save.click();
      const download = await wait;
      expect(download.suggestedFilename()).toMatch(/^behoud-[0-9T-]+-r[0-9]+\.db$/);
      expect(readFileSync(await download.path()).subarray(0, 15).toString("latin1")).toBe("SQLite format 3");
      await section.getByRole("button", { name: new RegExp(`^${t("settings.remove_named", { name: "" }).trim()}`) }).click();
      await page.getByRole("dialog").getByRole("button", { name: t("settings.remove"), exact: true }).click();
      await section.getByText(t("settings.backups_none")).waitFor();
    }
  });
});
