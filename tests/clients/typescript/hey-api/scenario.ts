// A user's day with the client of `@hey-api/openapi-ts`: from the sign-up to the 401 after the log-out.

import assert from "node:assert/strict";
import {
  emailVerification,
  generateNewTokens,
  getCharacters,
  getFilm,
  getFilms,
  getMe,
  login,
  logout,
  signup,
  type TokenProblem,
} from "../../../../target/clients/hey-api";
import { type Client, createClient, createConfig } from "../../../../target/clients/hey-api/client";
import { mailedToken, password, run, step, url } from "../common";

const email = "hey-api@rebels.example";

async function main(): Promise<void> {
  const anonymous = caller();

  const weak = await signup({ client: anonymous, body: { email, password: "password1" } });
  assert.equal(weak.response?.status, 400);
  assert.ok(weak.error && "errors" in weak.error);
  const violation = weak.error.errors[0];
  assert.equal(violation?.in, "body");
  step(`a weak password: 400 ${weak.error.code}, ${violation?.pointer}: ${violation?.message}`);

  step(`sign up: ${(await signup({ client: anonymous, body: { email, password } })).data?.status}`);
  const query = { token: await mailedToken(email) };
  step(`verify: ${(await emailVerification({ client: anonymous, query })).data?.status}`);

  const wrong = await login({ client: anonymous, body: { email, password: "not-the-password" } });
  assert.ok(wrong.error);
  assert.equal(wrong.error.code, "credentials-invalid");
  step(`log in with a wrong password: 401 ${wrong.error.code}`);
  const { data: tokens } = await login({ client: anonymous, body: { email, password } });
  assert.ok(tokens);
  step(`log in: tokens for ${tokens.email}, ${tokens.expires_in} s`);

  const signedIn = caller(tokens.token);
  const { data: me } = await getMe({ client: signedIn });
  assert.equal(me?.user_id, tokens.user_id);
  step(`the own record: ${me.access_role}, since ${me.created_at.slice(0, 10)}`);

  await readFilms(signedIn);
  await readCharacters(signedIn);

  const body = { old_access_token: tokens.token };
  const { data: renewed } = await generateNewTokens({ client: caller(tokens.refresh_token), body });
  assert.ok(renewed && renewed.token !== tokens.token);
  step(`refresh: a new pair, ${renewed.refresh_expires_in} s`);
  step(`the spent access token: 401 ${await refusedFilms(signedIn, "token-invalid")}`);
  step(`no token: 401 ${await refusedFilms(anonymous, "token-missing")}`);

  const signedInAgain = caller(renewed.token);
  step(`log out: ${(await logout({ client: signedInAgain })).data?.status}`);
  step(`films after the log-out: 401 ${await refusedFilms(signedInAgain, "token-invalid")}`);
}

/** Films without the relation that is not wanted, in both forms, and the answer to a tag that is held. */
async function readFilms(client: Client): Promise<void> {
  const { data: films } = await getFilms({ client, query: { options: { characters: false } } });
  assert.equal(films?.count, 7);
  assert.ok(films.results.every((film) => film.characters === undefined && film.planets?.length));
  assert.deepEqual((await getFilms({ client, query: { without: ["characters"] } })).data, films);
  step(`films without characters: ${films.count}, the first of ${films.results[0]?.release_date}`);

  const path = { film_id: 1 };
  const film = await getFilm({ client, path });
  assert.ok(film.data?.characters?.length);
  const headers = { "If-None-Match": film.response?.headers.get("etag") ?? "" };
  const held = await getFilm({ client, path, headers });
  assert.equal(held.response?.status, 304);
  step(`one film: ${film.data.title}; asked again with its tag: ${held.response.status}`);
}

/** Characters, the heaviest first, by two filters. */
async function readCharacters(client: Client): Promise<void> {
  const filters = ["mass:gte:100", "eye_colors:contains:blue"];
  const { data: found } = await getCharacters({
    client,
    query: { filters, sort_by: "mass", sort_order: "desc", without: ["films"] },
  });
  const masses = found?.results.map((character) => character.mass ?? 0) ?? [];
  assert.ok(masses.length > 1 && masses.every((mass) => mass >= 100));
  assert.deepEqual(masses, masses.toSorted((a, b) => b - a));
  step(`heavy and blue-eyed: ${found?.results.map((character) => character.name).join(", ")}`);
}

/** The code with which somebody who is not let in is refused. */
async function refusedFilms(client: Client, code: TokenProblem["code"]): Promise<string> {
  const { error, response } = await getFilms({ client });
  assert.equal(response?.status, 401);
  assert.ok(error);
  assert.equal(error.code, code);
  return error.code;
}

/** A client that sends this token where an operation asks for a bearer; a text would be sent as every other credential, too. */
function caller(token?: string): Client {
  return createClient(createConfig({ baseUrl: url, auth: ({ scheme }) => (scheme === "bearer" ? token : undefined) }));
}

run(main);
