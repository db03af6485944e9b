using System.CommandLine;
using System.Text.Json.Nodes;
using Faas.Cli.Output;

namespace Faas.Cli.Commands.Server;

/// <summary><c>faas doctor</c>: looks why the command line and its server do not get on.</summary>
internal static class DoctorCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make() => new Command("doctor", "looks for what keeps this command line from its server, and says how to mend it")
        .Example("faas doctor", "faas doctor --server https://faas.example.org")
        .Does(async call =>
        {
            var findings = await new Examination(call).LookAsync();
            if (call.Terminal.IsJson)
            {
                call.Terminal.Json(new JsonArray([.. findings.Select(JsonOf)]));
            }
            else
            {
                foreach (var (what, isWell, said) in findings)
                {
                    var word = isWell switch { true => "ok", false => "WRONG", null => "note" };
                    var coloured = !call.Terminal.OutHasColours ? word.PadRight(5)
                        : isWell switch { true => Paint.Green("ok   "), false => Paint.Red("WRONG"), null => Paint.Yellow("note ") };
                    call.Terminal.Out.WriteLine($"{coloured}  {what.PadRight(13)}  {Columns.OnOneLine(said)}");
                }

                call.Terminal.Remark("`faas-server doctor`, on the server's machine, tries the walls of its sandboxes.");
            }

            if (findings.All(finding => finding.IsWell is not false))
            {
                return ExitCode.Ok;
            }

            call.Terminal.Incomplete("Not all is well.");
            return ExitCode.Failed;
        });

    private static JsonNode JsonOf(Finding finding) => new JsonObject
    {
        ["check"] = finding.What,
        ["state"] = finding.IsWell switch { true => "ok", false => "wrong", null => "note" },
        ["detail"] = finding.Said,
    };
}

/// <summary>What a look has found.</summary>
/// <param name="What">What was looked at.</param>
/// <param name="IsWell">Whether all is well; null: it works, and something should be known.</param>
/// <param name="Said">What was found, and how it is mended.</param>
internal sealed record Finding(string What, bool? IsWell, string Said);
