/** The answer of GET /api/v1/cluster. */
export interface ClusterView {
  readonly enabled: boolean;
  readonly self?: string;
  readonly whyNot?: string;
  readonly members?: readonly Member[];
}

/** One node of the cluster. */
export interface Member {
  readonly address: string;
  readonly state: string;
  readonly reachable: boolean;
  readonly since: string;
  readonly pool?: MemberPool;
  readonly home?: { readonly shards: number; readonly scripts: number };
}

/** What the pool of a node has free. */
export interface MemberPool {
  readonly running: number;
  readonly free: number;
  readonly waiting: number;
  readonly spares: number;
  readonly warm: number;
  readonly draining: boolean;
}

/** Whether the server is no node of a cluster, so that there is nothing to read again. */
export const isAlone = (cluster: ClusterView): boolean => !cluster.enabled;

/** How far a node is in the cluster, and whether it answers. */
export const reachText = ({ state, reachable }: Member): string => state.replace("_", " ") + (reachable ? "" : ", does not answer");

/** How many runs a node executes, of how many. */
export const runsText = (pool: MemberPool | undefined): string =>
  pool === undefined ? "–" : pool.draining ? "drains" : `${pool.running - pool.free} of ${pool.running}`;
