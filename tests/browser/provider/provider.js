// An OpenID Connect provider as an organisation runs one. The protocol is all the package's; here stand its
// people (people.json, read anew each time), one client, and the page on which somebody says who they are.
import { readFileSync } from "node:fs";
import https from "node:https";
import { text } from "node:stream/consumers";
import Provider from "oidc-provider";

const read = (name) => JSON.parse(readFileSync(name, "utf8"));
const { url, heed, secret, certificate, cookies, factor } = read("settings.json");
const scope = "openid profile email offline_access";

const page = (words) => `<!doctype html><html lang="en"><title>Your organisation</title><h1>Your organisation</h1>${words}`;

function leave(ctx, form) {
  ctx.body = page(`${form}<button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>`);
}

function left(ctx) {
  ctx.body = page("<p>You are signed out.</p>");
}

const provider = new Provider(url, {
  clients: [
    {
      client_id: "heed",
      client_secret: secret,
      grant_types: ["authorization_code", "refresh_token"],
      redirect_uris: [`${heed}/intake/sign-in/return`],
      post_logout_redirect_uris: [`${heed}/intake/signed-out`],
      backchannel_logout_uri: `${heed}/intake/session/ended-elsewhere`,
      require_auth_time: true,
    },
  ],
  acrValues: [factor],
  claims: { profile: ["name", "department", "realm_access"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  cookies: { keys: [cookies] },
  features: {
    backchannelLogout: { enabled: true },
    devInteractions: { enabled: false },
    // The package's own pages fetch their letters from far away.
    rpInitiatedLogout: { enabled: true, logoutSource: leave, postLogoutSuccessSource: left },
  },
  findAccount: (_, id) => {
    const said = read("people.json")[id];
    return said && { accountId: id, claims: () => ({ sub: id, ...said }) };
  },
  issueRefreshToken: () => true,
  // Nobody is asked whether Heed may know them: their organisation has decided that.
  loadExistingGrant: async (ctx) => {
    const { session, client } = ctx.oidc;
    const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
    grant.addOIDCScope(scope);
    await grant.save();
    return grant;
  },
  pkce: { required: () => true },
});

const question = (factored) =>
  page(`<form method="post"><label>Account <input name="account"></label>
${factored ? '<label>Code <input name="code"></label>' : ""}<button>Sign in</button></form>`);

async function ask(request, response) {
  const { params } = await provider.interactionDetails(request, response);
  if (request.method !== "POST") {
    response.setHeader("Content-Type", "text/html; charset=utf-8").end(question(params.acr_values));
    return;
  }
  const given = new URLSearchParams(await text(request));
  const login = { accountId: given.get("account"), acr: given.get("code") ? factor : undefined };
  await provider.interactionFinished(request, response, { login });
}

const answer = provider.callback();
const tls = { key: readFileSync(certificate), cert: readFileSync(certificate) };
https
  .createServer(tls, (request, response) =>
    request.url.startsWith("/interaction/") ? ask(request, response) : answer(request, response),
  )
  .listen(new URL(url).port, "127.0.0.1");
