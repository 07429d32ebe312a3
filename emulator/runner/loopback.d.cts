/** Keeps this process to its own machine and reports every other host that is asked for. Returns what ends that. */
export function guardNetwork(report: (host: string) => void): () => void;
