import { getJson } from "../api/client.ts";
import { useRead } from "../api/useRead.ts";
import { count, duration } from "../charts/units.ts";
import { useNow } from "../controls/useNow.ts";
import { Failed } from "../controls/States.tsx";
import { Table } from "../controls/Table.tsx";
import { isAlone, reachText, runsText, type ClusterView, type Member } from "./cluster.ts";

/** The members of the server's cluster, what each has free, and how many scripts are at home there. Nothing on a server alone. */
export function ClusterCard() {
  const read = useRead((signal) => getJson<ClusterView>("/api/v1/cluster", { signal }), [], 5000, isAlone);
  const now = useNow();
  const cluster = read.value;
  if (!cluster) return read.error === undefined ? null : <Failed title="The cluster is not shown" error={read.error} onRetry={read.again} />;
  if (!cluster.enabled) return null;
  const members = cluster.members ?? [];
  return (
    <section class={`card ${read.error === undefined ? "" : "is-stale"}`} aria-labelledby="cluster-title">
      <h2 id="cluster-title">
        Cluster <span class="muted">as {cluster.self} sees it</span>
      </h2>
      {cluster.whyNot && (
        <p class="report report-bad" role="alert">
          {cluster.whyNot}
        </p>
      )}
      <Table
        label="Members of the cluster"
        rows={members}
        keyOf={(member: Member) => member.address}
        columns={[
          {
            id: "address",
            title: "Member",
            sortBy: (member) => member.address,
            cell: (member) => <code>{member.address === cluster.self ? `${member.address} (this one)` : member.address}</code>,
          },
          { id: "state", title: "State", sortBy: reachText, cell: reachText },
          { id: "since", title: "Since", cell: (member) => duration(Math.max(0, (now - Date.parse(member.since)) / 1000)) },
          { id: "runs", title: "Runs", isNumber: true, cell: (member) => runsText(member.pool) },
          { id: "waiting", title: "Waiting", isNumber: true, cell: (member) => figure(member.pool?.waiting) },
          { id: "spares", title: "Spares", isNumber: true, cell: (member) => figure(member.pool?.spares) },
          { id: "warm", title: "Warm", isNumber: true, cell: (member) => figure(member.pool?.warm) },
          { id: "shards", title: "Shards", isNumber: true, cell: (member) => figure(member.home?.shards) },
          { id: "scripts", title: "Scripts", isNumber: true, cell: (member) => figure(member.home?.scripts) },
        ]}
      />
    </section>
  );
}

const figure = (value: number | undefined) => (value === undefined ? "–" : count(value));
