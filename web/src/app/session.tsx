// Who is signed in. Without a session there is only the sign-in page; a session that ends while somebody is at work is
// renewed over the page they are on, and what they were doing goes on.
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from "react";
import { ApiError, onSessionOver, setCsrf } from "../api/client";
import { forgetEarly } from "../api/early";
import type { Session } from "../api/rows";
import { ask } from "../api/questions";
import { send } from "../api/send";
import { Dialog } from "../ui/Dialog";
import { ErrorBox, Skeleton } from "../ui/states";
import { useWords } from "../words/words";
import { SignInForm, SignInPage } from "./SignIn";

const key = ["/api/v1/session"];

export const sessionQuery = queryOptions<Session | null, ApiError>({
  queryKey: key,
  queryFn: async ({ signal }) => {
    try {
      const session = await ask("/api/v1/session", {}, signal);
      setCsrf(session.csrf);
      return session;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});

const Context = createContext<{ session: Session; signOut: () => Promise<void> } | null>(null);

export function useSession() {
  const found = useContext(Context);
  if (!found) throw new Error("useSession: outside SessionGate");
  return found;
}

// What the role may do: a viewer reads, an editor also changes the shop's data, an owner also says who may.
export function useMay(): { write: boolean; admin: boolean } {
  const role = useContext(Context)?.session.user.role ?? "viewer";
  return { write: role !== "viewer", admin: role === "owner" };
}

export function SessionGate(props: { children: ReactNode }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const query = useQuery(sessionQuery);
  // The session that was there when it ended: the page stays as it is behind the form.
  const [over, setOver] = useState<Session | null>(null);
  const waiting = useRef<(() => void)[]>([]);
  const session = query.data ?? null;
  const current = useRef<Session | null>(session);
  if (session) current.current = session;

  useEffect(() => {
    onSessionOver(
      () =>
        new Promise<void>((go) => {
          waiting.current.push(go);
          setOver(current.current);
        }),
    );
    return () => onSessionOver(null);
  }, []);

  const signedIn = useCallback(
    (fresh: Session) => {
      forgetEarly();
      setCsrf(fresh.csrf);
      queries.setQueryData(key, fresh);
      setOver(null);
      const go = waiting.current.splice(0);
      for (const one of go) one();
      if (go.length === 0) void queries.invalidateQueries({ predicate: (one) => one.queryKey[0] !== key[0] });
    },
    [queries],
  );
  const signOut = useCallback(async () => {
    await send("delete", "/api/v1/session", undefined);
    setCsrf(null);
    forgetEarly();
    current.current = null;
    queries.clear();
    queries.setQueryData(key, null);
  }, [queries]);

  if (query.error && !current.current) {
    return (
      <main className="content">
        <ErrorBox error={query.error} retry={() => void query.refetch()} />
      </main>
    );
  }
  if (query.data === undefined) return <Skeleton height={400} />;
  const shown = session ?? over;
  if (!shown) return <SignInPage onSignedIn={signedIn} />;
  return (
    <Context.Provider value={{ session: shown, signOut }}>
      {props.children}
      {over !== null && (
        <Dialog title={t("signin.again")}>
          <p className="soft">{t("signin.again.say")}</p>
          <SignInForm email={over.user.email} onSignedIn={signedIn} />
        </Dialog>
      )}
    </Context.Provider>
  );
}
