// A user's day with the client of OpenAPI Generator's `typescript-axios`: from the sign-up to the 401 after the log-out.

import assert from "node:assert/strict";
import { isAxiosError } from "axios";
import {
  CharacterRelation,
  CharactersApi,
  CharacterSortField,
  Configuration,
  FilmRelation,
  FilmsApi,
  type Problem,
  ProblemCode,
  SortOrder,
  type TokenProblem,
  TokenProblemCodeEnum,
  type UserTokens,
  UsersApi,
  type ValidationProblem,
  ViolationInEnum,
} from "../../../../target/clients/typescript-axios";
import { mailedToken, password, run, step, url } from "../common";

const email = "typescript-axios@rebels.example";

async function main(): Promise<void> {
  const anonymous = caller();
  const users = new UsersApi(anonymous);

  const weak = await refusal<ValidationProblem>(400, users.signup({ email, password: "password1" }));
  const violation = weak.errors[0];
  assert.equal(violation?.in, ViolationInEnum.Body);
  step(`a weak password: 400 ${weak.code}, ${violation?.pointer}: ${violation?.message}`);

  step(`sign up: ${(await users.signup({ email, password })).data.status}`);
  step(`verify: ${(await users.emailVerification(await mailedToken(email))).data.status}`);

  const wrong = await refusal<Problem>(401, users.login({ email, password: "not-the-password" }));
  assert.equal(wrong.code, ProblemCode.CredentialsInvalid);
  step(`log in with a wrong password: 401 ${wrong.code}`);
  const tokens = (await users.login({ email, password })).data;
  step(`log in: tokens for ${tokens.email}, ${tokens.expires_in} s`);

  const signedIn = caller(tokens);
  const me = (await new UsersApi(signedIn).getMe()).data;
  assert.equal(me.user_id, tokens.user_id);
  step(`the own record: ${me.access_role}, since ${me.created_at.slice(0, 10)}`);

  await readFilms(new FilmsApi(signedIn));
  await readCharacters(new CharactersApi(signedIn));

  const old = { old_access_token: tokens.token };
  const renewed = (await new UsersApi(caller(tokens, tokens.refresh_token)).generateNewTokens(old)).data;
  assert.notEqual(renewed.token, tokens.token);
  step(`refresh: a new pair, ${renewed.refresh_expires_in} s`);
  step(`the spent access token: 401 ${await refusedFilms(signedIn, TokenProblemCodeEnum.TokenInvalid)}`);
  step(`no token: 401 ${await refusedFilms(anonymous, TokenProblemCodeEnum.TokenMissing)}`);

  const signedInAgain = caller(renewed);
  step(`log out: ${(await new UsersApi(signedInAgain).logout()).data.status}`);
  step(`films after the log-out: 401 ${await refusedFilms(signedInAgain, TokenProblemCodeEnum.TokenInvalid)}`);
}

/** Films without the relation that is not wanted, the refusal of `options` as axios writes it, and a tag that is held. */
async function readFilms(api: FilmsApi): Promise<void> {
  const without = [FilmRelation.Characters];
  const args = [undefined, undefined, undefined, undefined, undefined, undefined, undefined] as const;
  const films = (await api.getFilms(undefined, ...args, without)).data;
  assert.equal(films.count, 7);
  assert.ok(films.results.every((film) => film.characters === undefined && film.planets?.length));
  step(`films without characters: ${films.count}, the first of ${films.results[0]?.release_date}`);

  const flat = await refusal<ValidationProblem>(400, api.getFilms({ characters: false }));
  assert.match(flat.errors[0]?.message ?? "", /options\[characters\]/);
  step(`options: 400, ${flat.errors[0]?.pointer}: ${flat.errors[0]?.message}`);

  const film = await api.getFilm(1);
  assert.ok(film.data.characters?.length);
  const held = await refused(api.getFilm(1, undefined, String(film.headers["etag"])));
  assert.equal(held.status, 304);
  step(`one film: ${film.data.title}; asked again with its tag: ${held.status}`);
}

/** Characters, the heaviest first, by two filters. */
async function readCharacters(api: CharactersApi): Promise<void> {
  const filters = ["mass:gte:100", "eye_colors:contains:blue"];
  const [sort, order, without] = [CharacterSortField.Mass, SortOrder.Desc, [CharacterRelation.Films]];
  const found = await api.getCharacters(undefined, sort, order, undefined, undefined, undefined, filters, undefined, without);
  const masses = found.data.results.map((character) => character.mass ?? 0);
  assert.ok(masses.length > 1 && masses.every((mass) => mass >= 100));
  assert.deepEqual(masses, masses.toSorted((a, b) => b - a));
  step(`heavy and blue-eyed: ${found.data.results.map((character) => character.name).join(", ")}`);
}

/** The code with which somebody who is not let in is refused. */
async function refusedFilms(configuration: Configuration, code: TokenProblemCodeEnum): Promise<string> {
  const problem = await refusal<TokenProblem>(401, new FilmsApi(configuration).getFilms());
  assert.equal(problem.code, code);
  return problem.code;
}

/** The answer that the client threw because it is not one of success. */
async function refused(call: Promise<unknown>): Promise<{ status: number; data: unknown }> {
  try {
    await call;
  } catch (thrown) {
    if (isAxiosError(thrown) && thrown.response) {
      return thrown.response;
    }
    throw thrown;
  }
  throw new Error("what should be refused is served");
}

/** The problem of a refusal, by the type that the contract gives the status. */
async function refusal<P extends { status: number }>(status: number, call: Promise<unknown>): Promise<P> {
  const { data } = await refused(call);
  const problem = data as P;
  assert.equal(problem.status, status);
  return problem;
}

/** A configuration with the access token, or with another one. */
function caller(tokens?: UserTokens, token = tokens?.token): Configuration {
  return new Configuration({ basePath: url, ...(token && { accessToken: token }) });
}

run(main);
