// Somebody who may look and not change: no button that leads nowhere, and an API that refuses whatever the page does.
import { describe, expect } from "vitest";
import { settled } from "./harness/look";
import { pages, withParam } from "./harness/pages";
import { bring, change, test } from "./harness/shop";
import { say } from "./harness/words";

const t = say.en;

/** What only those may press who may change something. */
const forWriters = [
  "import.undo", "import.stop_sending", "costs.add", "costs.change", "costs.delete", "settings.save", "settings.invite", "settings.token_new", "settings.backup_new", "settings.remove", "notes.add", "mark.save",
] as const;

describe("a viewer", () => {
  test("finds no button that leads nowhere, on any page", async ({ visitor }) => {
    const owner = await visitor({ signedIn: true });
    await bring(owner, "orders.csv", "order,customer,date,total,currency\n1,c1,2024-01-01,10.00,EUR\n2,c2,2024-02-01,20.00,EUR\n");
    await change(owner.request, new URL(owner.url()).origin, "post", "/api/v1/costs", { from: "2024-01-01", amount_minor: 100, purpose: "retention", currency: "EUR" });
    await change(owner.request, new URL(owner.url()).origin, "post", "/api/v1/notes", { day: "2024-01-15", text: "a note", kind: "other" });

    const page = await visitor({ signedIn: "viewer" });
    const refused: string[] = [];
    page.on("response", (response) => void (response.status() === 403 && refused.push(`${response.request().method()} ${new URL(response.url()).pathname}`)));
    let pressed = 0;
    for (const { name, path } of pages) {
      await page.goto(withParam(name === "people" ? "/people?behind=new&from_day=2024-01-01&to_day=2024-02-01" : path, "shop", "own"));
      await settled(page);
      expect(await page.locator(".wrong").count(), `${name}: ${await page.locator("main").innerText()}`).toBe(0);
      for (const key of forWriters) expect(await page.getByRole("button", { name: new RegExp(`^${t(key)}`), disabled: false }).count(), `${name}: ${t(key)}`).toBe(0);
      expect(await page.locator("input[type=file]").count(), name).toBe(0);
      // Whatever can be pressed does something that they may.
      const buttons = page.getByRole("main").getByRole("button", { disabled: false });
      const many = Math.min(12, await buttons.count());
      for (let i = 0; i < many; i++) {
        const button = buttons.nth(i);
        if ((await button.count()) === 0 || !(await button.isVisible()) || (await button.innerText()) === t("chart.png") || (await button.innerText()) === t("chart.csv")) continue;
        await button.click();
        pressed += 1;
        await page.keyboard.press("Escape");
        await settled(page); // what was pressed may take other buttons away
      }
    }
    expect(pressed).toBeGreaterThan(10);
    expect(refused).toEqual([]);
    // What their role leaves out is said, and the fields of the settings are there to be read.
    await page.goto("/import?shop=own");
    await page.getByText(t("import.right")).waitFor();
    await page.goto("/settings?shop=own");
    expect(await page.getByLabel(t("settings.window")).isDisabled()).toBe(true);
  });

  test("is refused by the API, whatever the page offers", async ({ visitor }) => {
    const page = await visitor({ signedIn: "viewer", path: "/" });
    const base = new URL(page.url()).origin;
    const calls: ["post" | "put" | "patch" | "delete", string, unknown?][] = [
      ["post", "/api/v1/costs", { from: "2024-01-01", amount_minor: 1, purpose: "retention" }],
      ["put", "/api/v1/costs/1", { from: "2024-01-01", amount_minor: 1, purpose: "retention" }],
      ["delete", "/api/v1/costs/1"],
      ["post", "/api/v1/notes", { day: "2024-01-01", text: "x" }],
      ["delete", "/api/v1/notes/1"],
      ["patch", "/api/v1/settings", { window_days: 1 }],
      ["post", "/api/v1/uploads?name=a.csv", "a"],
      ["post", "/api/v1/uploads/recognise", { uploads: ["u_1"], kind: "orders" }],
      ["post", "/api/v1/imports", { uploads: ["u_1"], kind: "orders" }],
      ["post", "/api/v1/imports/1/undo"],
      ["post", "/api/v1/reports", { uploads: ["u_1"] }],
      ["delete", "/api/v1/reports/j_1"],
      ["post", "/api/v1/users", { email: "somebody@example.com", role: "owner" }],
      ["patch", "/api/v1/users/1", { role: "viewer" }],
      ["delete", "/api/v1/users/1"],
      ["post", "/api/v1/tokens", { name: "x", scope: "admin" }],
    ];
    for (const [method, path, data] of calls) {
      const answer = await change(page.request, base, method, path, data);
      expect(answer.status(), `${method} ${path}: ${await answer.text()}`).toBe(403);
    }
    for (const path of ["/api/v1/users", "/api/v1/audit", "/api/v1/doctor"]) expect((await page.request.get(path)).status(), path).toBe(403);
  });
});

describe("an editor", () => {
  test("changes the shop and not who may come in", async ({ visitor }) => {
    const owner = await visitor({ signedIn: true });
    await bring(owner, "more.csv", "order,customer,date,total,currency\n7,c7,2024-01-01,10.00,EUR\n");
    const page = await visitor({ signedIn: "editor", path: "/settings?shop=own" });
    await page.getByLabel(t("settings.window")).fill("77");
    await page.getByRole("button", { name: t("settings.save") }).click();
    await page.getByText(t("settings.saved")).waitFor();
    expect(await page.getByRole("button", { name: t("settings.invite") }).count()).toBe(0);
    expect((await page.request.get("/api/v1/users")).status()).toBe(403);
  });
});
