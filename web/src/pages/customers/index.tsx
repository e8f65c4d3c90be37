// The list of customers, or one of them.
import { lazy, Suspense } from "react";
import { useParams } from "wouter";
import { Skeleton } from "../../ui/states";
import { CustomerList } from "./CustomerList";

const CustomerView = lazy(() => import("./CustomerView"));

export default function CustomersPage() {
  const { id } = useParams<{ id?: string }>();
  if (id === undefined || id === "") return <CustomerList />;
  return (
    <Suspense fallback={<Skeleton height={480} />}>
      <CustomerView key={id} customer={id} />
    </Suspense>
  );
}
