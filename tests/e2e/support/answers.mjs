// What calls are answered with in place of the server's own answers.

/** What a network sends that wants somebody to sign in first. */
export const pageOf = status => route =>
  route.fulfill({ status, contentType: 'Text/HTML; charset=utf-8', body: '<!doctype html><title>Welcome</title>' });
export const signIn = pageOf(200);

/** What a server says to whom it knows no more, and to whom it forbids a thing. */
export const ended = route => route.fulfill({ status: 401, json: { error: { code: 'InvalidAuthenticationToken', message: 'expired' } } });
export const refusal = route => route.fulfill({ status: 403, json: { error: { code: 'Forbidden', message: 'Not by you.' } } });

/** Done, and never told: the connection breaks, or somebody in between fails. */
export const lost = async route => {
  await route.fetch();
  await route.abort('failed');
};
export const broken = async route => {
  await route.fetch();
  await route.fulfill({ status: 502, body: 'Bad gateway' });
};

/** What a call is answered with, one after the other; the rest by the server. Gives the headers of all. */
export async function answers(page, what, method, list) {
  const calls = [];
  await page.route(what, async route => {
    if (route.request().method() !== method) return route.fallback();
    calls.push(route.request().headers());
    const answer = list[calls.length - 1] ?? (route => route.continue());
    await answer(route);
  });
  return calls;
}

/** Until whatever the page was about to ask for has been asked for: what it asks after that comes after it. */
export const asked = page => page.evaluate(() => fetch('/').then(answer => answer.text()).then(() => undefined));

/** From now on the token is another user's. */
export const another = page =>
  page.route(/\/me\b/, async route => {
    const response = await route.fetch();
    const json = { ...(await response.json()), objectId: '00000000-0000-4000-8000-000000000009', name: 'another' };
    await route.fulfill({ response, json });
  });
