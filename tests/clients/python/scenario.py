"""A user's day with the generated Python client: from the sign-up to the 401 after the log-out."""

from __future__ import annotations

import os
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from deep_object import DeepObjectClient
from starwars_client import (
    ApiClient,
    ApiException,
    CharacterOptions,
    CharactersApi,
    CharacterSortField,
    Configuration,
    Credentials,
    FilmOptions,
    FilmsApi,
    Problem,
    RefreshRequest,
    ServiceApi,
    SortOrder,
    TokenProblem,
    UsersApi,
    UserSignup,
    UserTokens,
    ValidationProblem,
)
from starwars_client.exceptions import BadRequestException, UnauthorizedException

EMAIL = "python@rebels.example"
PASSWORD = "womp-rats-in-my-T16"


def main() -> None:
    """Every step, one line each."""
    anonymous = client()

    problem = refused_sign_up(anonymous)
    step(f"a weak password: 400 {problem.code}, {problem.errors[0].pointer}: {problem.errors[0].message}")

    users = UsersApi(anonymous)
    step(f"sign up: {users.signup(UserSignup(email=EMAIL, password=PASSWORD)).status}")
    step(f"verify: {users.email_verification(token=mailed_token()).status}")

    step(f"log in with a wrong password: 401 {refused_log_in(anonymous).code}")
    tokens = users.login(Credentials(email=EMAIL, password=PASSWORD))
    assert tokens.email == EMAIL and tokens.expires_in > 0, tokens
    step(f"log in: tokens for {tokens.email}, {tokens.expires_in} s")

    signed_in = client(tokens.token)
    me = UsersApi(signed_in).get_me()
    assert me.user_id == tokens.user_id and me.created_at.tzinfo is not None, me
    step(f"the own record: {me.access_role.value}, since {me.created_at:%Y-%m-%d}")

    read_films(signed_in)
    read_characters(signed_in)
    read_contract(anonymous)

    tokens, spent = refreshed(tokens), signed_in
    step(f"refresh: a new pair, {tokens.refresh_expires_in} s")
    step(f"the spent access token: 401 {refused_films(spent).code}")
    step(f"no token: 401 {refused_films(anonymous).code}")

    signed_in = client(tokens.token)
    step(f"log out: {UsersApi(signed_in).logout().status}")
    step(f"films after the log-out: 401 {refused_films(signed_in).code}")


def read_films(signed_in: ApiClient) -> None:
    """Films with and without the relation that is not wanted, and the answer to a tag that is held."""
    films = FilmsApi(signed_in).get_films(options=FilmOptions(characters=False))
    assert films.count == 7, films
    assert all(film.characters is None and film.planets for film in films.results), films
    step(f"films without characters: {films.count}, the first of {films.results[0].release_date:%Y}")

    answer = FilmsApi(signed_in).get_film_with_http_info(1)
    assert answer.data.characters and answer.headers is not None, answer
    try:
        FilmsApi(signed_in).get_film(1, if_none_match=answer.headers["etag"])
        raise AssertionError("a tag that is held is answered in full")
    except ApiException as refused:
        assert refused.status == 304, refused
    step(f"one film: {answer.data.title}; asked again with its tag: 304")


def read_characters(signed_in: ApiClient) -> None:
    """Characters, the heaviest first, by two filters."""
    characters = CharactersApi(signed_in).get_characters(
        options=CharacterOptions(films=False),
        sort_by=CharacterSortField.MASS,
        sort_order=SortOrder.DESC,
        filters=["mass:gte:100", "eye_colors:contains:blue"],
    )
    masses = [character.mass for character in characters.results if character.mass is not None]
    assert len(masses) == characters.count and len(masses) > 1, characters
    assert masses == sorted(masses, reverse=True) and min(masses) >= 100, masses
    assert all("blue" in (character.eye_colors or []) for character in characters.results), characters
    step("heavy and blue-eyed: " + ", ".join(character.name for character in characters.results))


def read_contract(anonymous: ApiClient) -> None:
    """The contract that the service enforces, as a file."""
    text = ServiceApi(anonymous).get_openapi_yaml().decode()
    assert text.startswith("openapi: 3.0") and len(text) > 100_000, text[:100]
    step("the contract: in full")


def refreshed(tokens: UserTokens) -> UserTokens:
    """The pair after this one; the refresh token stands where the access token does otherwise."""
    renewed = UsersApi(client(tokens.refresh_token)).generate_new_tokens(
        RefreshRequest(old_access_token=tokens.token)
    )
    assert renewed.token != tokens.token and renewed.user_id == tokens.user_id, renewed
    return renewed


def refused_sign_up(anonymous: ApiClient) -> ValidationProblem:
    """A password that the contract's limits allow and the service does not."""
    try:
        UsersApi(anonymous).signup(UserSignup(email=EMAIL, password="password1"))
    except BadRequestException as refused:
        problem = refused.data
        assert isinstance(problem, ValidationProblem), refused
        assert problem.code == "validation-failed" and problem.errors[0].in_ == "body", problem
        assert problem.errors[0].pointer == "/password", problem
        return problem
    raise AssertionError("a weak password is taken")


def refused_log_in(anonymous: ApiClient) -> Problem:
    """A password that is not the account's."""
    try:
        UsersApi(anonymous).login(Credentials(email=EMAIL, password="not-the-password"))
    except UnauthorizedException as refused:
        problem = refused.data
        assert isinstance(problem, Problem) and problem.code == "credentials-invalid", refused
        return problem
    raise AssertionError("a wrong password is taken")


def refused_films(caller: ApiClient) -> TokenProblem:
    """Films for somebody who is not let in."""
    try:
        FilmsApi(caller).get_films()
    except UnauthorizedException as refused:
        problem = refused.data
        assert isinstance(problem, TokenProblem) and problem.status == 401, refused
        expected = "token-invalid" if caller.configuration.access_token else "token-missing"
        assert problem.code == expected, problem
        return problem
    raise AssertionError("films without a good token")


def client(token: str | None = None) -> ApiClient:
    """A client with these credentials."""
    return DeepObjectClient(Configuration(host=os.environ["STARWARS_URL"], access_token=token))


def mailed_token() -> str:
    """The token of the link that the sign-up mailed."""
    outbox = Path(os.environ["STARWARS_OUTBOX"])
    for _ in range(100):
        for mail in outbox.glob("*.eml"):
            text = mail.read_text()
            link = next((line for line in text.splitlines() if "/email_verification?" in line), None)
            if f"To: {EMAIL}" in text and link:
                return parse_qs(urlsplit(link.strip()).query)["token"][0]
        time.sleep(0.1)
    raise AssertionError(f"no mail with a link for {EMAIL} in {outbox}")


def step(what: str) -> None:
    """Says what is done."""
    print(what, flush=True)


if __name__ == "__main__":
    main()
