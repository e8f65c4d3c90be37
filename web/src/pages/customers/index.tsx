// The list of customers, or one of them.
import { useParams } from "wouter";
import { late } from "../../app/late";
import { Shown } from "../../ui/Shown";
import { CustomerList } from "./CustomerList";

const view = late(() => import("./CustomerView"));

export default function CustomersPage() {
  const { id } = useParams<{ id?: string }>();
  if (id === undefined || id === "") return <CustomerList />;
  return <Shown key={id} part={view} height={480} with={{ customer: id }} />;
}
