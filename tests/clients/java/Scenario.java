import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.ApiResponse;
import org.openapitools.client.api.CharactersApi;
import org.openapitools.client.api.FilmsApi;
import org.openapitools.client.api.UsersApi;
import org.openapitools.client.model.Character;
import org.openapitools.client.model.CharacterRelation;
import org.openapitools.client.model.CharacterSortField;
import org.openapitools.client.model.Credentials;
import org.openapitools.client.model.Film;
import org.openapitools.client.model.FilmList;
import org.openapitools.client.model.FilmOptions;
import org.openapitools.client.model.FilmRelation;
import org.openapitools.client.model.Problem;
import org.openapitools.client.model.ProblemCode;
import org.openapitools.client.model.RefreshRequest;
import org.openapitools.client.model.SortOrder;
import org.openapitools.client.model.TokenProblem;
import org.openapitools.client.model.User;
import org.openapitools.client.model.UserSignup;
import org.openapitools.client.model.UserTokens;
import org.openapitools.client.model.ValidationProblem;
import org.openapitools.client.model.Violation;

/** A user's day with the generated Java client: from the sign-up to the 401 after the log-out. */
public final class Scenario {
  private static final String EMAIL = "java@rebels.example";
  private static final String PASSWORD = "womp-rats-in-my-T16";

  private Scenario() {}

  /** Every step, one line each. */
  public static void main(String[] arguments) throws Exception {
    ApiClient anonymous = caller(null);
    UsersApi users = new UsersApi(anonymous);

    UserSignup weak = new UserSignup().email(EMAIL).password("password1");
    ValidationProblem problem = refused(400, ValidationProblem.class, () -> users.signup(weak, null));
    Violation violation = problem.getErrors().get(0);
    check(violation.getIn() == Violation.InEnum.BODY, violation);
    step("a weak password: 400 %s, %s: %s", problem.getCode(), violation.getPointer(), violation.getMessage());

    step("sign up: %s", users.signup(new UserSignup().email(EMAIL).password(PASSWORD), null).getStatus());
    step("verify: %s", users.emailVerification(mailedToken()).getStatus());

    Credentials wrong = new Credentials().email(EMAIL).password("not-the-password");
    ProblemCode code = refused(401, Problem.class, () -> users.login(wrong)).getCode();
    check(code == ProblemCode.CredentialsInvalid, code);
    step("log in with a wrong password: 401 %s", code);
    UserTokens tokens = users.login(new Credentials().email(EMAIL).password(PASSWORD));
    step("log in: tokens for %s, %d s", tokens.getEmail(), tokens.getExpiresIn());

    ApiClient signedIn = caller(tokens.getToken());
    User me = new UsersApi(signedIn).getMe();
    check(me.getUserId().equals(tokens.getUserId()), me);
    step("the own record: %s, since %s", me.getAccessRole(), me.getCreatedAt().toLocalDate());

    readFilms(new FilmsApi(signedIn));
    readCharacters(new CharactersApi(signedIn));

    RefreshRequest old = new RefreshRequest().oldAccessToken(tokens.getToken());
    UserTokens renewed = new UsersApi(caller(tokens.getRefreshToken())).generateNewTokens(old);
    check(!renewed.getToken().equals(tokens.getToken()), renewed.getUserId());
    step("refresh: a new pair, %d s", renewed.getRefreshExpiresIn());
    step("the spent access token: 401 %s", refusedFilms(signedIn, TokenProblem.CodeEnum.TOKEN_INVALID));
    step("no token: 401 %s", refusedFilms(anonymous, TokenProblem.CodeEnum.TOKEN_MISSING));

    ApiClient signedInAgain = caller(renewed.getToken());
    step("log out: %s", new UsersApi(signedInAgain).logout().getStatus());
    step("films after the log-out: 401 %s", refusedFilms(signedInAgain, TokenProblem.CodeEnum.TOKEN_INVALID));
  }

  /** Films without the relation that is not wanted, in both forms, and the answer to a tag that is held. */
  private static void readFilms(FilmsApi api) throws ApiException {
    FilmOptions options = new FilmOptions().characters(false);
    FilmList films = api.getFilms(options, null, null, null, null, null, null, null, null);
    check(films.getCount() == 7, films);
    for (Film film : films.getResults()) {
      check(film.getCharacters() == null && !film.getPlanets().isEmpty(), film);
    }
    List<FilmRelation> without = List.of(FilmRelation.CHARACTERS);
    check(films.equals(api.getFilms(null, null, null, null, null, null, null, null, without)), without);
    int year = films.getResults().get(0).getReleaseDate().getYear();
    step("films without characters: %d, the first of %d", films.getCount(), year);

    ApiResponse<Film> film = api.getFilmWithHttpInfo(1, null, null, null);
    check(!film.getData().getCharacters().isEmpty(), film.getData());
    String tag = film.getHeaders().get("etag").get(0);
    ApiException held = refusal(() -> api.getFilm(1, null, tag, null));
    check(held.getCode() == 304, held);
    step("one film: %s; asked again with its tag: %d", film.getData().getTitle(), held.getCode());
  }

  /** Characters, the heaviest first, by two filters. */
  private static void readCharacters(CharactersApi api) throws ApiException {
    List<String> filters = List.of("mass:gte:100", "eye_colors:contains:blue");
    List<CharacterRelation> without = List.of(CharacterRelation.FILMS);
    List<Character> found =
        api.getCharacters(null, CharacterSortField.MASS, SortOrder.DESC, null, null, null, filters, null, without)
            .getResults();
    List<Double> masses = found.stream().map(Character::getMass).collect(Collectors.toList());
    check(masses.size() > 1 && masses.stream().allMatch(mass -> mass >= 100), masses);
    check(masses.equals(masses.stream().sorted((a, b) -> Double.compare(b, a)).collect(Collectors.toList())), masses);
    step("heavy and blue-eyed: %s", found.stream().map(Character::getName).collect(Collectors.joining(", ")));
  }

  /** The code with which somebody who is not let in is refused. */
  private static TokenProblem.CodeEnum refusedFilms(ApiClient caller, TokenProblem.CodeEnum expected) throws Exception {
    FilmsApi api = new FilmsApi(caller);
    TokenProblem.CodeEnum code =
        refused(401, TokenProblem.class, () -> api.getFilms(null, null, null, null, null, null, null, null, null))
            .getCode();
    check(code == expected, code);
    return code;
  }

  private interface Call {
    Object send() throws ApiException;
  }

  /** The problem of a refusal, by the type that the contract gives the status. */
  private static <P> P refused(int status, Class<P> type, Call call) throws JsonProcessingException {
    ApiException refusal = refusal(call);
    check(refusal.getCode() == status, refusal);
    return ApiClient.createDefaultObjectMapper().readValue(refusal.getResponseBody(), type);
  }

  private static ApiException refusal(Call call) {
    try {
      call.send();
    } catch (ApiException refusal) {
      return refusal;
    }
    throw new AssertionError("what should be refused is served");
  }

  /** A client that sends this token. */
  private static ApiClient caller(String token) {
    ApiClient client = new ApiClient();
    client.updateBaseUri(System.getenv("STARWARS_URL"));
    if (token != null) {
      client.setRequestInterceptor(request -> request.setHeader("Authorization", "Bearer " + token));
    }
    return client;
  }

  /** The token of the link that the sign-up mailed. */
  private static String mailedToken() throws IOException, InterruptedException {
    Path outbox = Path.of(System.getenv("STARWARS_OUTBOX"));
    for (int tries = 0; tries < 100; tries++) {
      try (DirectoryStream<Path> mails = Files.newDirectoryStream(outbox, "*.eml")) {
        for (Path mail : mails) {
          List<String> lines = Files.readAllLines(mail);
          boolean isOurs = lines.stream().anyMatch(line -> line.startsWith("To: ") && line.contains(EMAIL));
          for (String line : lines) {
            if (isOurs && line.contains("/email_verification?token=")) {
              return URI.create(line.strip()).getQuery().substring("token=".length());
            }
          }
        }
      }
      Thread.sleep(100);
    }
    throw new AssertionError("no mail with a link for " + EMAIL + " in " + outbox);
  }

  private static void check(boolean holds, Object found) {
    if (!holds) {
      throw new AssertionError(found);
    }
  }

  private static void step(String format, Object... values) {
    System.out.println(String.format(format, values));
  }
}
