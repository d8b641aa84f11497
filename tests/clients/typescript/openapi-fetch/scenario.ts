// A user's day with `openapi-fetch` and the types of `openapi-typescript`: from the sign-up to the 401 after the log-out.

import assert from "node:assert/strict";
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "../../../../target/clients/openapi-fetch/schema";
import { mailedToken, password, run, step, url } from "../common";

type Api = Client<paths>;
type TokenProblem = components["schemas"]["TokenProblem"];

const email = "openapi-fetch@rebels.example";

async function main(): Promise<void> {
  const anonymous = caller();

  const weak = await anonymous.POST("/users/v1/signup", { body: { email, password: "password1" } });
  assert.equal(weak.response.status, 400);
  assert.ok(weak.error && "errors" in weak.error);
  const violation = weak.error.errors[0];
  assert.equal(violation?.in, "body");
  step(`a weak password: 400 ${weak.error.code}, ${violation?.pointer}: ${violation?.message}`);

  const account = await anonymous.POST("/users/v1/signup", { body: { email, password } });
  step(`sign up: ${account.data?.status}`);
  const query = { token: await mailedToken(email) };
  const verified = await anonymous.GET("/users/v1/email_verification", { params: { query } });
  assert.ok(typeof verified.data === "object");
  step(`verify: ${verified.data.status}`);

  const wrong = await anonymous.POST("/users/v1/login", { body: { email, password: "not-the-password" } });
  assert.equal(wrong.error?.code, "credentials-invalid");
  step(`log in with a wrong password: 401 ${wrong.error.code}`);
  const { data: tokens } = await anonymous.POST("/users/v1/login", { body: { email, password } });
  assert.ok(tokens);
  step(`log in: tokens for ${tokens.email}, ${tokens.expires_in} s`);

  const signedIn = caller(tokens.token);
  const { data: me } = await signedIn.GET("/users/v1/me");
  assert.equal(me?.user_id, tokens.user_id);
  step(`the own record: ${me.access_role}, since ${me.created_at.slice(0, 10)}`);

  await readFilms(signedIn);
  await readCharacters(signedIn);

  const body = { old_access_token: tokens.token };
  const { data: renewed } = await caller(tokens.refresh_token).POST("/users/v1/generate_tokens", { body });
  assert.ok(renewed && renewed.token !== tokens.token);
  step(`refresh: a new pair, ${renewed.refresh_expires_in} s`);
  step(`the spent access token: 401 ${await refusedFilms(signedIn, "token-invalid")}`);
  step(`no token: 401 ${await refusedFilms(anonymous, "token-missing")}`);

  const signedInAgain = caller(renewed.token);
  step(`log out: ${(await signedInAgain.POST("/users/v1/logout")).data?.status}`);
  step(`films after the log-out: 401 ${await refusedFilms(signedInAgain, "token-invalid")}`);
}

/** Films without the relation that is not wanted, in both forms, and the answer to a tag that is held. */
async function readFilms(api: Api): Promise<void> {
  const { data: films } = await api.GET("/films/v1/", { params: { query: { options: { characters: false } } } });
  assert.equal(films?.count, 7);
  assert.ok(films.results.every((film) => film.characters === undefined && film.planets?.length));
  const { data: same } = await api.GET("/films/v1/", { params: { query: { without: ["characters"] } } });
  assert.deepEqual(same, films);
  step(`films without characters: ${films.count}, the first of ${films.results[0]?.release_date}`);

  const path = { film_id: 1 };
  const film = await api.GET("/films/v1/{film_id}", { params: { path } });
  assert.ok(film.data?.characters?.length);
  const header = { "If-None-Match": film.response.headers.get("etag") ?? "" };
  const held = await api.GET("/films/v1/{film_id}", { params: { path, header } });
  assert.equal(held.response.status, 304);
  step(`one film: ${film.data.title}; asked again with its tag: ${held.response.status}`);
}

/** Characters, the heaviest first, by two filters. */
async function readCharacters(api: Api): Promise<void> {
  const filters = ["mass:gte:100", "eye_colors:contains:blue"];
  const query = { filters, sort_by: "mass", sort_order: "desc", without: ["films"] } as const;
  const { data: found } = await api.GET("/characters/v1/", {
    params: { query: { ...query, filters, without: [...query.without] } },
  });
  const masses = found?.results.map((character) => character.mass ?? 0) ?? [];
  assert.ok(masses.length > 1 && masses.every((mass) => mass >= 100));
  assert.deepEqual(masses, masses.toSorted((a, b) => b - a));
  step(`heavy and blue-eyed: ${found?.results.map((character) => character.name).join(", ")}`);
}

/** The code with which somebody who is not let in is refused. */
async function refusedFilms(api: Api, code: TokenProblem["code"]): Promise<string> {
  const { error, response } = await api.GET("/films/v1/");
  assert.equal(response.status, 401);
  assert.equal(error?.code, code);
  return error.code;
}

/** A client that sends this token. */
function caller(token?: string): Api {
  return createClient<paths>({ baseUrl: url, ...(token && { headers: { Authorization: `Bearer ${token}` } }) });
}

run(main);
