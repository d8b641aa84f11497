"""The films on connexion, from a contract with `x-bearerInfoFunc`: on Flask, or without it, as PEER_KIND says.

The functions have the same names in both, as the contract names them.
"""

import json
import os
from pathlib import Path

import connexion
import jwt
import redis
import redis.asyncio

FILMS = json.loads(Path(os.environ["PEER_FILMS"]).read_bytes())
SECRET = os.environ["PEER_SECRET"]
ISSUER = os.environ["PEER_ISSUER"]
REDIS_URL = os.environ.get("PEER_REDIS_URL")


def verified(token: str) -> dict | None:
    try:
        return jwt.decode(token, SECRET, algorithms=["HS256"], issuer=ISSUER)
    except jwt.InvalidTokenError:
        return None


def made(app):
    app.add_api("films_connexion.yaml")
    return app


if os.environ["PEER_KIND"] == "flask":
    store = redis.Redis.from_url(REDIS_URL) if REDIS_URL else None

    def decode_token(token: str) -> dict | None:
        claims = verified(token)
        if claims and store is not None and store.exists(f"revoked:{claims['jti']}"):
            return None
        return claims

    def films():
        return FILMS

    app = made(connexion.FlaskApp("films", specification_dir=Path(__file__).parent))
else:
    store = redis.asyncio.Redis.from_url(REDIS_URL) if REDIS_URL else None

    async def decode_token(token: str) -> dict | None:
        claims = verified(token)
        if claims and store is not None and await store.exists(f"revoked:{claims['jti']}"):
            return None
        return claims

    async def films():
        return FILMS

    app = made(connexion.AsyncApp("films", specification_dir=Path(__file__).parent))
