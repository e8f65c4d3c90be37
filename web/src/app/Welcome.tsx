// The page of a one-time link, <public-url>/welcome#<token>: the first owner, somebody invited, or a lost password. The
// token stays in the fragment, which no server and no log sees.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { setCsrf } from "../api/client";
import type { LinkPurpose } from "../api/rows";
import { send } from "../api/send";
import { Skeleton } from "../ui/states";
import { TextField } from "../ui/TextField";
import { useWords } from "../words/words";
import { CredentialForm } from "./CredentialForm";
import { sessionQuery } from "./session";
import { Alone } from "./SignIn";

export function Welcome() {
  const { t } = useWords();
  const [token] = useState(() => location.hash.slice(1));
  const link = useQuery<LinkPurpose>({
    queryKey: ["link", token],
    queryFn: () => send("post", "/api/v1/session/link/check", { token }),
    retry: false,
    staleTime: Infinity,
    enabled: token !== "",
  });
  return (
    <Alone>
      {token === "" || link.error ? (
        <>
          <h1>{t("welcome.invalid")}</h1>
          <p className="soft">{t("welcome.invalid.say")}</p>
          <p>
            <code>behoud access link</code>
          </p>
          <a className="button" href="/">
            {t("welcome.signin")}
          </a>
        </>
      ) : link.data ? (
        <Claim token={token} link={link.data} />
      ) : (
        <Skeleton height={240} />
      )}
    </Alone>
  );
}

function Claim(props: { token: string; link: LinkPurpose }) {
  const { t } = useWords();
  const { link, token } = props;
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const [name, setName] = useState("");
  const claim = async (email: string, password: string) => {
    const claimed = { token, password, ...(link.email ? {} : { email }), ...(name.trim() ? { name: name.trim() } : {}) };
    const session = await send("post", "/api/v1/session/link", claimed);
    setCsrf(session.csrf);
    queries.setQueryData(sessionQuery.queryKey, session);
    navigate("/", { replace: true });
  };
  return (
    <CredentialForm
      email={link.email ?? ""}
      emailFixed={link.email !== null}
      passwordLabel={t("welcome.password", { n: link.password_length_min })}
      choosesMin={link.password_length_min}
      button={t("welcome.button")}
      head={
        <>
          <h1>{t(`welcome.${link.purpose}`)}</h1>
          <p className="soft">{t(`welcome.${link.purpose}.say`)}</p>
        </>
      }
      between={link.purpose !== "reset" && <TextField label={t("welcome.name")} autoComplete="name" value={name} onChange={setName} />}
      submit={claim}
    />
  );
}
