module starwars.example/scenario

go 1.23

require starwars.example/clients/go v0.0.0

replace starwars.example/clients/go => ../../../target/clients/go
