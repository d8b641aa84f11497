// A user's day with the client of OpenAPI Generator's `typescript-fetch`: from the sign-up to the 401 after the log-out.

import assert from "node:assert/strict";
import {
  CharacterSortField,
  CharactersApi,
  Configuration,
  FilmsApi,
  type Problem,
  ProblemCode,
  ProblemFromJSON,
  ResponseError,
  ServiceApi,
  SortOrder,
  type TokenProblem,
  TokenProblemCodeEnum,
  TokenProblemFromJSON,
  type UserTokens,
  UsersApi,
  type ValidationProblem,
  ValidationProblemCodeEnum,
  ValidationProblemFromJSON,
  ViolationInEnum,
} from "starwars-client";
import { mailedToken, password, run, step, url } from "../common";

const email = "typescript-fetch@rebels.example";

async function main(): Promise<void> {
  const anonymous = caller();
  const users = new UsersApi(anonymous);

  const problem = await refusedSignUp(users);
  const violation = problem.errors[0];
  step(`a weak password: 400 ${problem.code}, ${violation?.pointer}: ${violation?.message}`);

  const { status } = await users.signup({ userSignup: { email, password } });
  step(`sign up: ${status}`);
  const verified = await users.emailVerification({ token: await mailedToken(email) });
  step(`verify: ${verified.status}`);

  step(`log in with a wrong password: 401 ${(await refusedLogIn(users)).code}`);
  const tokens = await users.login({ credentials: { email, password } });
  assert.equal(tokens.email, email);
  step(`log in: tokens for ${tokens.email}, ${tokens.expiresIn} s`);

  const signedIn = caller(tokens);
  const me = await new UsersApi(signedIn).getMe();
  assert.equal(me.userId, tokens.userId);
  assert.equal(me.pendingEmail, null);
  step(`the own record: ${me.accessRole}, since ${me.createdAt.toISOString().slice(0, 10)}`);

  await readFilms(new FilmsApi(signedIn));
  await readCharacters(new CharactersApi(signedIn));
  await readContract(new ServiceApi(anonymous));

  const renewed = await new UsersApi(signedIn).generateNewTokens({
    refreshRequest: { oldAccessToken: tokens.token },
  });
  assert.notEqual(renewed.token, tokens.token);
  assert.equal(renewed.userId, tokens.userId);
  step(`refresh: a new pair, ${renewed.refreshExpiresIn} s`);
  step(`the spent access token: 401 ${(await refusedFilms(signedIn, TokenProblemCodeEnum.TokenInvalid)).code}`);
  step(`no token: 401 ${(await refusedFilms(anonymous, TokenProblemCodeEnum.TokenMissing)).code}`);

  const signedInAgain = caller(renewed);
  step(`log out: ${(await new UsersApi(signedInAgain).logout()).status}`);
  step(`films after the log-out: 401 ${(await refusedFilms(signedInAgain, TokenProblemCodeEnum.TokenInvalid)).code}`);
}

/** Films with and without the relation that is not wanted, and the answer to a tag that is held. */
async function readFilms(api: FilmsApi): Promise<void> {
  const films = await api.getFilms({ options: { characters: false } });
  assert.equal(films.count, 7);
  assert.ok(films.results.every((film) => film.characters === undefined && film.planets?.length));
  step(`films without characters: ${films.count}, the first of ${films.results[0]?.releaseDate.getFullYear()}`);

  const answer = await api.getFilmRaw({ filmId: 1 });
  const film = await answer.value();
  assert.ok(film.characters?.length);
  const tag = answer.raw.headers.get("etag");
  assert.ok(tag);
  const { status } = await refusal(api.getFilm({ filmId: 1, ifNoneMatch: tag }));
  assert.equal(status, 304);
  step(`one film: ${film.title}; asked again with its tag: ${status}`);
}

/** Characters, the heaviest first, by two filters. */
async function readCharacters(api: CharactersApi): Promise<void> {
  const characters = await api.getCharacters({
    options: { films: false },
    sortBy: CharacterSortField.Mass,
    sortOrder: SortOrder.Desc,
    filters: ["mass:gte:100", "eye_colors:contains:blue"],
  });
  const masses = characters.results.map((character) => character.mass ?? 0);
  assert.equal(masses.length, characters.count);
  assert.ok(masses.length > 1);
  assert.deepEqual(masses, masses.toSorted((a, b) => b - a));
  assert.ok(masses.every((mass) => mass >= 100));
  assert.ok(characters.results.every((character) => character.eyeColors?.includes("blue")));
  step(`heavy and blue-eyed: ${characters.results.map((character) => character.name).join(", ")}`);
}

/** The contract that the service enforces, as a file. */
async function readContract(api: ServiceApi): Promise<void> {
  const text = await (await api.getOpenapiYaml()).text();
  assert.ok(text.startsWith("openapi: 3.0") && text.length > 100_000);
  step("the contract: in full");
}

/** A password that the contract's limits allow and the service does not. */
async function refusedSignUp(users: UsersApi): Promise<ValidationProblem> {
  const response = await refusal(users.signup({ userSignup: { email, password: "password1" } }));
  const problem = ValidationProblemFromJSON(await response.json());
  assert.equal(problem.status, 400);
  assert.equal(problem.code, ValidationProblemCodeEnum.ValidationFailed);
  assert.equal(problem.errors[0]?.in, ViolationInEnum.Body);
  assert.equal(problem.errors[0]?.pointer, "/password");
  return problem;
}

/** A password that is not the account's. */
async function refusedLogIn(users: UsersApi): Promise<Problem> {
  const response = await refusal(users.login({ credentials: { email, password: "not-the-password" } }));
  const problem = ProblemFromJSON(await response.json());
  assert.equal(problem.status, 401);
  assert.equal(problem.code, ProblemCode.CredentialsInvalid);
  return problem;
}

/** Films for somebody who is not let in. */
async function refusedFilms(configuration: Configuration, code: TokenProblemCodeEnum): Promise<TokenProblem> {
  const response = await refusal(new FilmsApi(configuration).getFilms());
  const problem = TokenProblemFromJSON(await response.json());
  assert.equal(problem.status, 401);
  assert.equal(problem.code, code);
  return problem;
}

/** The answer that the client threw because it is not one of success. */
async function refusal(call: Promise<unknown>): Promise<Response> {
  try {
    await call;
  } catch (thrown) {
    if (thrown instanceof ResponseError) {
      return thrown.response;
    }
    throw thrown;
  }
  throw new Error("what should be refused is served");
}

/** A configuration that answers each scheme of the contract with its token. */
function caller(tokens?: UserTokens): Configuration {
  return new Configuration({
    basePath: url,
    ...(tokens && {
      accessToken: (scheme?: string) => (scheme === "jwt_refresh" ? tokens.refreshToken : tokens.token),
    }),
  });
}

run(main);
