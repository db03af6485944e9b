using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Runtime.CompilerServices;
using Faas.Cli.Output;

namespace Faas.Cli.Commands;

/// <summary>How commands are put together.</summary>
internal static class CommandBuilding
{
    /// <summary>The name of arguments that may be empty: every text begins with an empty one.</summary>
    public const string Prefix = "PREFIX";

    private static readonly ConditionalWeakTable<Command, string[]> s_examples = [];

    /// <summary>Says how the command is used, for its help.</summary>
    public static Command Example(this Command command, params string[] lines)
    {
        s_examples.AddOrUpdate(command, lines);
        return command;
    }

    /// <summary>How the command is used.</summary>
    public static IReadOnlyList<string> ExamplesOf(Command command) => s_examples.TryGetValue(command, out var lines) ? lines : [];

    /// <summary>Says what the command does; it returns what the process ends with.</summary>
    public static Command Does(this Command command, Func<Call, Task<int>> work)
    {
        command.SetAction(async (parsed, cancellation) =>
        {
            using var call = new Call(parsed, Terminal.OfProcess, cancellation);
            try
            {
                return await work(call);
            }
            catch (Exception failed)
            {
                Failure.Trace(failed, call.Terminal);
                return Failure.Of(failed, call.Server).Tell(call.Terminal);
            }
        });
        return command;
    }

    /// <summary>Allows certain values alone, and completes them.</summary>
    public static Option<string?> OneOf(this Option<string?> option, params string[] allowed)
    {
        option.CompletionSources.Add(allowed);
        option.Validators.Add(result => Check(result, text => allowed.Contains(text), $"one of {string.Join(", ", allowed)}"));
        return option;
    }

    /// <summary>A whole number in a range.</summary>
    public static Option<int?> Count(string name, string helpName, int least, int most, string description)
    {
        var allowed = string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");
        return new Option<int?>(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least && count <= most)
                {
                    return count;
                }

                result.AddError(Wrong(name, text, allowed));
                return null;
            },
        };
    }

    /// <summary>Refuses an empty value, which names nothing.</summary>
    public static Option<T> NotEmpty<T>(this Option<T> option)
    {
        option.Validators.Add(result => Check(result, text => text.Length > 0, "a text that is not empty"));
        return option;
    }

    /// <summary>Refuses a value of an option.</summary>
    public static void Check(OptionResult result, Func<string, bool> isAllowed, string allowed)
    {
        foreach (var token in result.Tokens.Where(token => !isAllowed(token.Value)))
        {
            result.AddError(Wrong(result.Option.Name, token.Value, allowed));
        }
    }

    /// <summary>The line that says so.</summary>
    public static string Wrong(string name, string value, string allowed) => $"{name} is \"{value}\"; allowed is {allowed}.";
}
