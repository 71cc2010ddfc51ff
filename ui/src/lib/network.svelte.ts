/** Whether the server answers: watched on every request, and asked for while it does not. */
import { api } from '$lib/api/client';
import { queryClient } from '$lib/query';

/** A request that takes longer is slow. */
const PATIENCE = 6_000;
const PAUSE = 4_000;

export const network = $state({ reached: true, online: navigator.onLine, slow: false });

const waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; isSlow: boolean }>();
let next: ReturnType<typeof setTimeout> | undefined;

api.use({
  onRequest({ id }) {
    const entry = {
      isSlow: false,
      timer: setTimeout(() => {
        entry.isSlow = true;
        network.slow = true;
      }, PATIENCE),
    };
    waiting.set(id, entry);
  },
  onResponse({ id, response }) {
    settle(id);
    if (isGateway(response.status)) lost();
    else found();
  },
  onError({ id }) {
    settle(id);
    lost();
  },
});

/** What a proxy in front says while the server behind it is down. */
function isGateway(status: number): boolean {
  return status >= 502 && status <= 504;
}

function settle(id: string): void {
  clearTimeout(waiting.get(id)?.timer);
  waiting.delete(id);
  network.slow = [...waiting.values()].some(({ isSlow }) => isSlow);
}

function lost(): void {
  network.reached = false;
  clearTimeout(next);
  next = setTimeout(() => void tryAgain(), PAUSE);
}

function found(): void {
  clearTimeout(next);
  if (network.reached) return;
  network.reached = true;
  void queryClient.invalidateQueries();
}

/** Asks the server for a sign of life. */
export async function tryAgain(): Promise<void> {
  try {
    const response = await fetch('/health', { cache: 'no-store' });
    if (response.ok) found();
    else lost();
  } catch {
    lost();
  }
}

for (const change of ['online', 'offline']) {
  addEventListener(change, () => {
    network.online = navigator.onLine;
    void tryAgain();
  });
}
