using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Faas.Cli.Commands.Batches;
using Faas.Cli.Commands.Cluster;
using Faas.Cli.Commands.Keys;
using Faas.Cli.Commands.Moving;
using Faas.Cli.Commands.Pool;
using Faas.Cli.Commands.Push;
using Faas.Cli.Commands.Runs;
using Faas.Cli.Commands.Schedules;
using Faas.Cli.Commands.Scripts;
using Faas.Cli.Commands.Server;
using Faas.Cli.Output;

namespace Faas.Cli.Commands;

/// <summary>The commands, and what runs the one that was asked for.</summary>
internal static class CommandLine
{
    // An argument that begins with @ is a file's name to `run` and `call`, and no file of further arguments.
    internal static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs a command; what the process ends with.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var terminal = Terminal.OfProcess;
        using var interruption = Interruption.Watch();
        if (Completion.IsAsked(arguments))
        {
            return Completion.Tell(Tree(), arguments[1], terminal);
        }

        var parsed = Tree().Parse(arguments.Length > 0 ? arguments : ["--help"], Parser);
        terminal.IsJson = parsed.GetResult(GlobalOptions.Output) is { Tokens: [{ Value: "json" }] };
        return Usage.Refuse(parsed, terminal) ?? await parsed.InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interruption.Token);
    }

    /// <summary>All commands.</summary>
    public static RootCommand Tree()
    {
        var root = new RootCommand("Runs and manages scripts on a Faas server.")
        {
            GlobalOptions.Server,
            GlobalOptions.KeyFile,
            GlobalOptions.Output,
            RunCommand.Make(),
            PushCommand.Make(),
            CallCommand.Make(),
            RunsCommand.Make(),
            RunsCommand.Wait(),
            BatchCommand.Make(),
            BatchesCommand.Make(),
            LogsCommand.Make(),
            ListCommand.Make(),
            ShowCommand.Make(),
            VersionsCommand.Make(),
            DiffCommand.Make(),
            AliasCommand.Make(),
            RollbackCommand.Make(),
            RemoveCommand.Make(),
            ScheduleCommand.Make(),
            SecretCommand.Make(),
            KeyCommand.Make(),
            PoolCommand.Make(),
            TopCommand.Make(),
            ClusterCommand.Make(),
            SettingsCommands.Show(),
            SettingsCommands.Reload(),
            ExportCommand.Make(),
            ImportCommand.Make(),
            DoctorCommand.Make(),
            LoginCommand.Make(),
            LoginCommand.MakeLogout(),
            CompletionCommand.Make(),
        };
        root.Example("faas run hello.py", "faas push hello.py", "faas call hello --input '{\"name\": \"Ada\"}'");
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
            help.Aliases.Clear(); // those of other systems, too
            help.Aliases.Add("-h");
        }

        return root;
    }

    /// <summary>The usual help, and how the command is used.</summary>
    private sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            usual.Invoke(parseResult);
            if (CommandBuilding.ExamplesOf(parseResult.CommandResult.Command) is { Count: > 0 } examples)
            {
                var output = parseResult.InvocationConfiguration.Output;
                output.WriteLine("Examples:");
                foreach (var example in examples)
                {
                    output.WriteLine($"  {example}");
                }

                output.WriteLine();
            }

            return ExitCode.Ok;
        }
    }
}
