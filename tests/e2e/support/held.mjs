// What waits until a test says so.

/** Something to wait for: `released` is over once `release` is called. */
export function held() {
  let release;
  const released = new Promise(resolve => (release = resolve));
  return { release, released };
}

/** Holds calls, of a method or all, until they are released; `answer` is what comes of them then. */
export async function hold(page, what, method, answer = route => route.continue()) {
  const { release, released } = held();
  await page.route(what, async route => {
    if (method !== undefined && route.request().method() !== method) return route.fallback();
    await released;
    await answer(route);
  });
  return release;
}
