return await Faas.Cli.Commands.CommandLine.RunAsync(args);
