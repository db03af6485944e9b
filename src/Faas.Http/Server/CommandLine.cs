using Faas.Actors.Json;

namespace Faas.Http.Server;

/// <summary>What the arguments ask the process to do.</summary>
public enum Verb
{
    /// <summary>Serve until a signal ends it.</summary>
    Serve,

    /// <summary>Try the walls.</summary>
    Doctor,

    /// <summary>Say what may be asked.</summary>
    Help,

    /// <summary>Say the version.</summary>
    Version,

    /// <summary>Read and check the settings, and nothing else.</summary>
    CheckConfig,

    /// <summary>Print every setting with where it was written.</summary>
    PrintConfig,
}

/// <summary>Reads the arguments of the process.</summary>
public static class CommandLine
{
    private static readonly Dictionary<string, Verb> s_verbs = new()
    {
        ["doctor"] = Verb.Doctor,
        ["--help"] = Verb.Help,
        ["-h"] = Verb.Help,
        ["--version"] = Verb.Version,
        ["--check-config"] = Verb.CheckConfig,
        ["--print-config"] = Verb.PrintConfig,
    };

    /// <summary>The text of <c>--help</c>.</summary>
    public static string Help { get; } = """
        Usage: faas-server [doctor | --check-config | --print-config | --version | --help]

          (nothing)        serves until SIGTERM or SIGINT; SIGHUP has it read its settings anew
          doctor           tries every wall of a sandbox on this machine, prints a table, and ends with 1 if one is missing
          --check-config   reads the settings, and ends with 78 and one line on stderr if something is wrong with them
          --print-config   prints every setting with its value and where it was written; secrets are not shown
          --version        prints the version
          --help           prints this

        Settings come from hocon/faas.conf beside the server, from the file that FAAS_CONFIG names, and from the environment
        and a .env file in the working directory. An example:  HTTP_PORT=9000 faas-server
        """;

    /// <summary>The verb; null: the arguments make no sense, and <paramref name="wrong"/> says why.</summary>
    public static Verb? Parse(IReadOnlyList<string> arguments, out string wrong)
    {
        wrong = "";
        if (arguments is [])
        {
            return Verb.Serve;
        }

        if (arguments is [var only] && s_verbs.TryGetValue(only, out var verb))
        {
            return verb;
        }

        var unknown = arguments.FirstOrDefault(argument => !s_verbs.ContainsKey(argument));
        wrong = unknown is null ? $"\"{string.Join(' ', arguments)}\" is too much; one argument is allowed."
            : NearestName.Of(unknown, s_verbs.Keys.Where(known => IsOption(known) == IsOption(unknown))) is { } nearest
            ? $"\"{unknown}\" is not understood; did you mean {nearest}?"
            : $"\"{unknown}\" is not understood; faas-server --help says what is.";
        return null;
    }

    private static bool IsOption(string argument) => argument.StartsWith('-');
}
