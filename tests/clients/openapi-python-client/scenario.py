"""A user's day with the client of `openapi-python-client`: from the sign-up to the 401 after the log-out."""

from __future__ import annotations

import os
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from starwars_httpx import AuthenticatedClient, Client
from starwars_httpx.api.characters import get_characters
from starwars_httpx.api.films import get_film, get_films
from starwars_httpx.api.service import get_openapi_yaml
from starwars_httpx.api.users import email_verification, generate_new_tokens, get_me, login, logout, signup
from starwars_httpx.models import (
    Acknowledgement,
    CharacterList,
    CharacterRelation,
    CharacterSortField,
    Credentials,
    Film,
    FilmList,
    FilmOptions,
    FilmRelation,
    Problem,
    ProblemCode,
    RefreshRequest,
    SortOrder,
    TokenProblem,
    TokenProblemCode,
    User,
    UserSignup,
    UserTokens,
    ValidationProblem,
    ViolationIn,
)
from starwars_httpx.types import File

EMAIL = "openapi-python-client@rebels.example"
PASSWORD = "womp-rats-in-my-T16"
URL = os.environ["STARWARS_URL"]


def main() -> None:
    """Every step, one line each."""
    anonymous = Client(base_url=URL)

    refused = signup.sync(client=anonymous, body=UserSignup(email=EMAIL, password="password1"))
    assert isinstance(refused, ValidationProblem) and refused.errors[0].in_ is ViolationIn.BODY, refused
    step(f"a weak password: 400 {refused.code}, {refused.errors[0].pointer}: {refused.errors[0].message}")

    account = signup.sync(client=anonymous, body=UserSignup(email=EMAIL, password=PASSWORD))
    assert isinstance(account, Acknowledgement), account
    step(f"sign up: {account.status}")
    verified = email_verification.sync(client=anonymous, token=mailed_token())
    assert isinstance(verified, Acknowledgement), verified
    step(f"verify: {verified.status}")

    wrong = login.sync(client=anonymous, body=Credentials(email=EMAIL, password="not-the-password"))
    assert isinstance(wrong, Problem) and wrong.code is ProblemCode.CREDENTIALS_INVALID, wrong
    step(f"log in with a wrong password: 401 {wrong.code}")
    tokens = login.sync(client=anonymous, body=Credentials(email=EMAIL, password=PASSWORD))
    assert isinstance(tokens, UserTokens), tokens
    step(f"log in: tokens for {tokens.email}, {tokens.expires_in} s")

    signed_in = AuthenticatedClient(base_url=URL, token=tokens.token)
    me = get_me.sync(client=signed_in)
    assert isinstance(me, User) and me.user_id == tokens.user_id, me
    step(f"the own record: {me.access_role}, since {me.created_at:%Y-%m-%d}")

    read_films(signed_in)
    read_characters(signed_in)
    contract = get_openapi_yaml.sync(client=anonymous)
    assert isinstance(contract, File) and contract.payload.read().startswith(b"openapi: 3.0"), contract
    step("the contract: in full")

    refreshing = AuthenticatedClient(base_url=URL, token=tokens.refresh_token)
    renewed = generate_new_tokens.sync(client=refreshing, body=RefreshRequest(old_access_token=tokens.token))
    assert isinstance(renewed, UserTokens) and renewed.token != tokens.token, renewed
    step(f"refresh: a new pair, {renewed.refresh_expires_in} s")
    step(f"the spent access token: 401 {refused_films(signed_in, TokenProblemCode.TOKEN_INVALID)}")
    nobody = AuthenticatedClient(base_url=URL, token="", prefix="")
    nobody.get_httpx_client().headers.pop("Authorization")
    step(f"no token: 401 {refused_films(nobody, TokenProblemCode.TOKEN_MISSING)}")

    signed_in = AuthenticatedClient(base_url=URL, token=renewed.token)
    ended = logout.sync(client=signed_in)
    assert isinstance(ended, Acknowledgement), ended
    step(f"log out: {ended.status}")
    step(f"films after the log-out: 401 {refused_films(signed_in, TokenProblemCode.TOKEN_INVALID)}")


def read_films(signed_in: AuthenticatedClient) -> None:
    """Films without the relation that is not wanted, the refusal of `options` as written here, and a tag that is held."""
    films = get_films.sync(client=signed_in, without=[FilmRelation.CHARACTERS])
    assert isinstance(films, FilmList) and films.count == 7, films
    assert all(not film.characters and film.planets for film in films.results), films
    step(f"films without characters: {films.count}, the first of {films.results[0].release_date:%Y}")

    flat = get_films.sync(client=signed_in, options=FilmOptions(characters=False))
    assert isinstance(flat, ValidationProblem) and "options[characters]" in flat.errors[0].message, flat
    step(f"options: 400, {flat.errors[0].pointer}: {flat.errors[0].message}")

    answer = get_film.sync_detailed(1, client=signed_in)
    assert isinstance(answer.parsed, Film) and answer.parsed.characters, answer
    held = get_film.sync_detailed(1, client=signed_in, if_none_match=answer.headers["etag"])
    assert held.status_code == 304, held
    step(f"one film: {answer.parsed.title}; asked again with its tag: {held.status_code}")


def read_characters(signed_in: AuthenticatedClient) -> None:
    """Characters, the heaviest first, by two filters."""
    characters = get_characters.sync(
        client=signed_in,
        without=[CharacterRelation.FILMS],
        sort_by=CharacterSortField.MASS,
        sort_order=SortOrder.DESC,
        filters=["mass:gte:100", "eye_colors:contains:blue"],
    )
    assert isinstance(characters, CharacterList), characters
    masses = [character.mass for character in characters.results if isinstance(character.mass, (float, int))]
    assert len(masses) == characters.count and len(masses) > 1, characters
    assert masses == sorted(masses, reverse=True) and min(masses) >= 100, masses
    step("heavy and blue-eyed: " + ", ".join(character.name for character in characters.results))


def refused_films(caller: AuthenticatedClient, code: TokenProblemCode) -> TokenProblemCode:
    """The code with which somebody who is not let in is refused."""
    problem = get_films.sync(client=caller)
    assert isinstance(problem, TokenProblem) and problem.code is code, problem
    return problem.code


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
