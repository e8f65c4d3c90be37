// The contract of the API, to browse: what can be asked, what is sent and what comes back. Made from api/openapi.yaml at the build.
import contract from "virtual:contract";
import { useMemo } from "react";
import { useView } from "../../state/use_view";
import { Page } from "../../ui/Page";
import { useWords } from "../../words/words";
import { groups, type Operation, type Payload, search as find } from "./operations";
import "./contract.css";

const all = groups(contract);

export default function ContractPage() {
  const { t } = useWords();
  const { search, setParams } = useView();
  const q = search.get("q") ?? "";
  const shown = useMemo(() => find(all, q), [q]);
  return (
    <Page
      title={t("contract.title")}
      filters={[]}
      bar={
        <div className="field contract-search">
          <label htmlFor="contract-search">{t("contract.search")}</label>
          <input id="contract-search" type="search" className="input" value={q} onChange={(event) => setParams({ q: event.target.value || null }, true)} />
        </div>
      }
      lead={
        <>
          {t("contract.lead")} <code>Authorization: Bearer bhd_…</code>{" "}
          <a href="/api/openapi.yaml" download>
            {t("contract.file")}
          </a>
        </>
      }
    >
      <p role="status" className={shown.length === 0 ? "soft" : "hidden"}>
        {shown.length === 0 ? t("contract.none") : ""}
      </p>
      {/* What the contract says is in English, whatever the reader's language. */}
      {shown.map((group) => (
        <section key={group.name} className="card stack" lang="en" aria-label={group.name}>
          <h2>{group.name}</h2>
          {group.about && <p className="soft">{group.about}</p>}
          <div className="operations">
            {group.operations.map((operation) => (
              <OperationView key={operation.id} operation={operation} />
            ))}
          </div>
        </section>
      ))}
    </Page>
  );
}

function OperationView(props: { operation: Operation }) {
  const { t, language } = useWords();
  const { operation } = props;
  return (
    <details className="operation" id={operation.id}>
      <summary>
        <span className="method">{operation.method}</span> <code>{operation.path}</code> <span className="soft">{operation.summary}</span>
      </summary>
      <div className="stack">
        {operation.about && <p>{operation.about}</p>}
        {operation.parameters.length > 0 && (
          <div>
            <h3 lang={language}>{t("contract.parameters")}</h3>
            <Fields label={t("contract.parameters")} fields={operation.parameters.map((p) => ({ depth: 0, name: p.name, type: p.type, required: p.required, about: p.about }))} />
          </div>
        )}
        {operation.sent.length > 0 && (
          <div>
            <h3 lang={language}>{t("contract.sent")}</h3>
            {operation.sent.map((payload, i) => (
              <PayloadView key={i} payload={payload} />
            ))}
          </div>
        )}
        <div>
          <h3 lang={language}>{t("contract.answers")}</h3>
          {operation.answers.map((payload, i) => (
            <PayloadView key={i} payload={payload} />
          ))}
        </div>
      </div>
    </details>
  );
}

function PayloadView(props: { payload: Payload }) {
  const { t } = useWords();
  const { payload } = props;
  return (
    <div className="payload">
      <p>
        {payload.status && <span className="badge">{payload.status}</span>} {payload.about} <code>{payload.type || t("contract.no_body")}</code>
      </p>
      {payload.fields.length > 0 && <Fields label={`${payload.status} ${payload.type}`} fields={payload.fields} />}
    </div>
  );
}

function Fields(props: { label: string; fields: Payload["fields"] }) {
  const { t, language } = useWords();
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={props.label}>
      <table className="data fields">
        <thead lang={language}>
          <tr>
            <th scope="col">{t("contract.field")}</th>
            <th scope="col">{t("contract.type")}</th>
            <th scope="col">{t("contract.about")}</th>
          </tr>
        </thead>
        <tbody>
          {props.fields.map((field, i) => (
            <tr key={i}>
              <th scope="row" style={{ paddingLeft: 12 + field.depth * 16 }}>
                <code>{field.name}</code>
                {field.required && <span className="soft small"> {t("contract.required")}</span>}
              </th>
              <td>{field.type}</td>
              <td className="about">{field.about}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
