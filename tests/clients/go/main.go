// A user's day with the generated Go client: from the sign-up to the 401 after the log-out.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	starwars "starwars.example/clients/go"
)

const (
	email    = "go@rebels.example"
	password = "womp-rats-in-my-T16"
)

var client = starwars.NewAPIClient(configuration())

func main() {
	log.SetFlags(0)
	anonymous := context.Background()

	weak := starwars.NewUserSignup(email, "password1")
	_, response, err := client.UsersAPI.Signup(anonymous).UserSignup(*weak).Execute()
	problem := refused[starwars.ValidationProblem](400, response, err)
	violation := problem.Errors[0]
	check(violation.In == "body", violation)
	step("a weak password: 400 %s, %s: %s", problem.Code, violation.Pointer, violation.Message)

	account := starwars.NewUserSignup(email, password)
	signup, _, err := client.UsersAPI.Signup(anonymous).UserSignup(*account).Execute()
	step("sign up: %s", must(signup, err).Status)
	verified, _, err := client.UsersAPI.EmailVerification(anonymous).Token(mailedToken()).Execute()
	step("verify: %s", must(verified, err).Status)

	wrong := starwars.NewCredentials(email, "not-the-password")
	_, response, err = client.UsersAPI.Login(anonymous).Credentials(*wrong).Execute()
	code := refused[starwars.Problem](401, response, err).Code
	check(code == starwars.PROBLEMCODE_CredentialsInvalid, code)
	step("log in with a wrong password: 401 %s", code)
	credentials := starwars.NewCredentials(email, password)
	loggedIn, _, err := client.UsersAPI.Login(anonymous).Credentials(*credentials).Execute()
	tokens := must(loggedIn, err)
	step("log in: tokens for %s, %d s", tokens.Email, tokens.ExpiresIn)

	signedIn := caller(tokens.Token)
	me, _, err := client.UsersAPI.GetMe(signedIn).Execute()
	check(must(me, err).UserId == tokens.UserId, me)
	step("the own record: %s, since %s", me.AccessRole, me.CreatedAt.Format("2006-01-02"))

	readFilms(signedIn)
	readCharacters(signedIn)

	refresh := starwars.NewRefreshRequest()
	refresh.SetOldAccessToken(tokens.Token)
	refreshed, _, err := client.UsersAPI.GenerateNewTokens(caller(tokens.RefreshToken)).RefreshRequest(*refresh).Execute()
	renewed := must(refreshed, err)
	check(renewed.Token != tokens.Token, renewed.UserId)
	step("refresh: a new pair, %d s", renewed.RefreshExpiresIn)
	step("the spent access token: 401 %s", refusedFilms(signedIn, "token-invalid"))
	step("no token: 401 %s", refusedFilms(anonymous, "token-missing"))

	signedIn = caller(renewed.Token)
	loggedOut, _, err := client.UsersAPI.Logout(signedIn).Execute()
	step("log out: %s", must(loggedOut, err).Status)
	step("films after the log-out: 401 %s", refusedFilms(signedIn, "token-invalid"))
}

// readFilms reads films without the relation that is not wanted, in both forms, and asks again with the tag that is held.
func readFilms(signedIn context.Context) {
	options := starwars.NewFilmOptions()
	options.SetCharacters(false)
	found, _, err := client.FilmsAPI.GetFilms(signedIn).Options(*options).Execute()
	films := must(found, err)
	check(films.Count == 7, films.Count)
	for _, film := range films.Results {
		check(!film.HasCharacters() && film.HasPlanets(), film.Title)
	}
	without := []starwars.FilmRelation{starwars.FILMRELATION_CHARACTERS}
	same, _, err := client.FilmsAPI.GetFilms(signedIn).Without(without).Execute()
	check(must(same, err).Count == 7 && !same.Results[0].HasCharacters(), same.Count)
	step("films without characters: %d, the first of %s", films.Count, films.Results[0].ReleaseDate)

	film, response, err := client.FilmsAPI.GetFilm(signedIn, 1).Execute()
	check(must(film, err).HasCharacters(), film.Title)
	tag := response.Header.Get("ETag")
	_, response, err = client.FilmsAPI.GetFilm(signedIn, 1).IfNoneMatch(tag).Execute()
	check(err != nil && response.StatusCode == http.StatusNotModified, err)
	step("one film: %s; asked again with its tag: %d", film.Title, response.StatusCode)
}

// readCharacters reads characters, the heaviest first, by two filters.
func readCharacters(signedIn context.Context) {
	found, _, err := client.CharactersAPI.GetCharacters(signedIn).
		Without([]starwars.CharacterRelation{starwars.CHARACTERRELATION_FILMS}).
		SortBy(starwars.CHARACTERSORTFIELD_MASS).
		SortOrder(starwars.SORTORDER_DESC).
		Filters([]string{"mass:gte:100", "eye_colors:contains:blue"}).
		Execute()
	characters := must(found, err).Results
	check(len(characters) > 1, len(characters))
	names := make([]string, len(characters))
	for index, character := range characters {
		names[index] = character.Name
		check(index == 0 || character.GetMass() <= characters[index-1].GetMass(), character.Name)
		check(character.GetMass() >= 100, character.Name)
	}
	step("heavy and blue-eyed: %s", strings.Join(names, ", "))
}

// refusedFilms returns the code with which somebody who is not let in is refused.
func refusedFilms(caller context.Context, expected string) string {
	_, response, err := client.FilmsAPI.GetFilms(caller).Execute()
	code := refused[starwars.TokenProblem](401, response, err).Code
	check(code == expected, code)
	return code
}

// refused returns the problem that the contract declares for the status, from the error of a call.
func refused[Problem any](status int, response *http.Response, err error) Problem {
	var refusal *starwars.GenericOpenAPIError
	check(errors.As(err, &refusal), err)
	check(response.StatusCode == status, response.Status)
	problem, isTyped := refusal.Model().(Problem)
	check(isTyped, err)
	return problem
}

// caller returns a context whose calls carry this token.
func caller(token string) context.Context {
	return context.WithValue(context.Background(), starwars.ContextAccessToken, token)
}

func configuration() *starwars.Configuration {
	configuration := starwars.NewConfiguration()
	configuration.Servers = starwars.ServerConfigurations{{URL: os.Getenv("STARWARS_URL")}}
	return configuration
}

// mailedToken returns the token of the link that the sign-up mailed.
func mailedToken() string {
	outbox := os.Getenv("STARWARS_OUTBOX")
	for try := 0; try < 100; try++ {
		mails, err := filepath.Glob(filepath.Join(outbox, "*.eml"))
		must(mails, err)
		for _, mail := range mails {
			text, err := os.ReadFile(mail)
			for _, line := range strings.Split(string(must(text, err)), "\r\n") {
				link, err := url.Parse(line)
				isLink := err == nil && strings.HasSuffix(link.Path, "/email_verification")
				if isLink && strings.Contains(string(text), "To: "+email) {
					return link.Query().Get("token")
				}
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	log.Fatalf("no mail with a link for %s in %s", email, outbox)
	return ""
}

func must[T any](value T, err error) T {
	check(err == nil, err)
	return value
}

func check(holds bool, found any) {
	if !holds {
		log.Panicf("not as expected: %v", found)
	}
}

func step(format string, arguments ...any) {
	fmt.Printf(format+"\n", arguments...)
}
