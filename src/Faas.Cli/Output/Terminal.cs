using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Faas.Client;
using Spectre.Console;

namespace Faas.Cli.Output;

/// <summary>
/// What a person, or a program that reads a pipe, sees. Results go to stdout; all else goes to stderr. Colours, progress and remarks are
/// for terminals alone.
/// </summary>
internal sealed partial class Terminal
{
    private const string NoColour = "NO_COLOR";
    private readonly Lazy<IAnsiConsole> _person;

    private Terminal()
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        (Out, Error) = (new StreamWriter(new StandardOutput(), Console.OutputEncoding) { AutoFlush = true }, Console.Error);
        OutIsTerminal = !Console.IsOutputRedirected;
        ErrorIsTerminal = !Console.IsErrorRedirected;
        InputIsTerminal = !Console.IsInputRedirected;
        // https://no-color.org
        var mayColour = Environment.GetEnvironmentVariable(NoColour) is null or ""
            && Environment.GetEnvironmentVariable("TERM") is not "dumb";
        (OutHasColours, ErrorHasColours) = (mayColour && OutIsTerminal, mayColour && ErrorIsTerminal);
        _person = new Lazy<IAnsiConsole>(() => AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
            ColorSystem = ErrorHasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        }));
    }

    /// <summary>Whether stdout is a terminal.</summary>
    public bool OutIsTerminal { get; }

    /// <summary>Whether stderr is a terminal.</summary>
    public bool ErrorIsTerminal { get; }

    /// <summary>Whether stdin is a terminal, so that questions can be answered.</summary>
    public bool InputIsTerminal { get; }

    /// <summary>Whether stdout takes colours.</summary>
    public bool OutHasColours { get; }

    /// <summary>Whether stderr takes colours.</summary>
    public bool ErrorHasColours { get; }

    /// <summary>Whether results are JSON.</summary>
    public bool IsJson { get; set; }

    /// <summary>Where results go.</summary>
    public TextWriter Out { get; }

    /// <summary>Where all else goes.</summary>
    public TextWriter Error { get; }

    /// <summary>Progress, questions and live tables for a person, on stderr.</summary>
    public IAnsiConsole Person => _person.Value;

    /// <summary>That of this process.</summary>
    public static Terminal OfProcess { get; } = new();

    /// <summary>A table: a line of names, and a line for each row.</summary>
    public void Table(IReadOnlyList<string> names, IEnumerable<IReadOnlyList<string>> rows)
    {
        foreach (var (index, line) in Columns.Lines(names, [.. rows]).Index())
        {
            Out.WriteLine(index == 0 && OutHasColours ? Paint.Bold(line) : line);
        }
    }

    /// <summary>What one thing is: a line for each of its members.</summary>
    public void Details(IEnumerable<(string Name, string Value)> members)
    {
        (string Name, string Value)[] all = [.. members];
        var width = all.Max(member => member.Name.Length);
        foreach (var (name, value) in all)
        {
            var label = name.PadRight(width);
            Out.WriteLine($"{(OutHasColours ? Paint.Dim(label) : label)}  {Columns.OnOneLine(value)}");
        }
    }

    /// <summary>A result as JSON: indented for a person, on one line for a program.</summary>
    public void Json<T>(T value, JsonTypeInfo<T> type) => Json(JsonSerializer.SerializeToNode(value, type));

    /// <summary>The same of JSON.</summary>
    public void Json(JsonNode? value) => Out.WriteLine(value is null ? "null" : JsonLayout.Of(value, indented: OutIsTerminal));

    /// <summary>That something was done: for a program as JSON, for a person as a remark.</summary>
    public void Done(JsonObject what, string remark)
    {
        if (IsJson)
        {
            Json(what);
        }
        else
        {
            Remark(remark);
        }
    }

    /// <summary>A remark that a person likes to read, and that a program does not need.</summary>
    public void Remark(string text)
    {
        if (ErrorIsTerminal)
        {
            Error.WriteLine(ErrorHasColours ? Paint.Dim(text) : text);
        }
    }

    /// <summary>Ends the line on which the terminal shows what was typed.</summary>
    public void EndLine()
    {
        if (ErrorIsTerminal)
        {
            Error.WriteLine();
        }
    }

    /// <summary>What the server said is wrong, as JSON on one line.</summary>
    public void Complain(Problem problem) =>
        Error.WriteLine(JsonLayout.Of(JsonSerializer.SerializeToElement(problem, CliJson.Default.Problem), indented: false));

    /// <summary>What is wrong, in one line; as JSON if results are.</summary>
    /// <param name="text">The line.</param>
    /// <param name="reason">One word for programs.</param>
    public void Complain(string text, string reason)
    {
        var line = Login().Replace(text, "://***@"); // a URL that was typed in a wrong place may hold a password
        Error.WriteLine(
            IsJson ? JsonLayout.Of(new JsonObject { ["reason"] = reason, ["detail"] = line }, indented: false)
            : ErrorHasColours ? $"{Paint.Red("faas:")} {line}"
            : $"faas: {line}");
    }

    /// <summary>
    /// Says that a part of what was asked for has failed, where results are JSON. A person has read it among the results.
    /// </summary>
    public void Incomplete(string text)
    {
        if (IsJson)
        {
            Complain(text, ExitCode.WordOf(ExitCode.Failed));
        }
    }

    /// <summary>What should be known though all went well.</summary>
    public void Note(string text) => Error.WriteLine($"faas: {text}");

    [GeneratedRegex("""://[^/\s"]*@""")]
    private static partial Regex Login();
}
