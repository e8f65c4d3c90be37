// What no column was recognised for, though it is needed: one question each, answered by choosing a column.
import type { Schemas } from "../../api/contract";
import { Select } from "../../ui/Fields";
import type { Key } from "../../words/catalogue";
import { useWords } from "../../words/words";
import { choose, type Choices, type Column, roleOf } from "./mapping";

/** What each needed column holds that is not there, or that two fit equally well; none where the error is about something else. */
export function missingOf(error: Schemas["Error"]["error"] | null): string[] {
  const missing = error?.reason === "problem.columns_missing" || error?.reason === "problem.columns_missing_unfit";
  const said = missing ? error.params?.["roles"] : error?.reason === "problem.columns_tie" ? error.params?.["role"] : undefined;
  return typeof said === "string" && said !== "" ? said.split(", ") : [];
}

export function Missing(props: { roles: readonly string[]; columns: readonly Column[]; choices: Choices; choose: (choices: Choices) => void }) {
  const { t } = useWords();
  const { roles, columns, choices } = props;
  const name = (column: Column) => column.header || t("import.column_number", { n: column.index + 1 });
  return roles.map((role) => (
    <Select
      key={role}
      label={t("import.missing", { role: t(`import.role.${role}` as Key) })}
      value={String(columns.find((column) => roleOf(column, choices) === role)?.index ?? "")}
      choices={[{ value: "", label: t("import.missing.choose") }, ...columns.map((column) => ({ value: String(column.index), label: name(column) }))]}
      onChange={(index) => index !== "" && props.choose(choose(choices, Number(index), role))}
    />
  ));
}
