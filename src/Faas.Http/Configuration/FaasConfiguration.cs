using System.Text.RegularExpressions;
using Akka.Configuration;
using Faas.Actors.Configuration;
using Faas.Http.Configuration.Hocon;

namespace Faas.Http.Configuration;

/// <summary>
/// Reads the server's settings. Theory of operation: the shipped <c>hocon/faas.conf</c> knows every key and its default; the file named by
/// <c>FAAS_CONFIG</c> goes over it; the environment and <c>.env</c> go over both, for each key that has a line <c>${?NAME}</c> in one of
/// them. Each value remembers where it was written. What is not understood, not known or set twice stops the start.
/// </summary>
public sealed partial class FaasConfiguration
{
    /// <summary>Names the override file.</summary>
    public const string OverrideVariable = "FAAS_CONFIG";

    private const string Shipped = "hocon/faas.conf";

    private readonly Dictionary<string, SettingValue> _values = [];
    private readonly List<(string Path, string Name)> _variables = [];

    private readonly Func<FaasConfiguration> _again;

    private FaasConfiguration(Func<FaasConfiguration> again) => _again = again;

    /// <summary>Every setting, in the order of the shipped file.</summary>
    public IReadOnlyDictionary<string, SettingValue> Values => _values;

    /// <summary>The settings, checked.</summary>
    public FaasOptions Options { get; private set; } = null!;

    /// <summary>Reads and checks everything; throws <see cref="SettingException"/> with one line for the operator.</summary>
    /// <param name="workingDirectory">Where <c>.env</c> lies and relative paths begin.</param>
    /// <param name="baseDirectory">Where the server's binary lies.</param>
    /// <param name="environment">The real environment.</param>
    public static FaasConfiguration Read(
        string workingDirectory, string baseDirectory, IReadOnlyDictionary<string, string> environment)
    {
        var variables = EnvironmentVariables.Read(workingDirectory, environment);
        var configuration = new FaasConfiguration(() => Read(workingDirectory, baseDirectory, environment));
        var (shipped, _) = HoconReader.Read(File.ReadAllText(Find(baseDirectory, workingDirectory)), Shipped);
        configuration.Add(shipped, origin: null);
        var akka = variables[OverrideVariable] is { } path
            ? configuration.AddOverrides(Path.GetFullPath(path, workingDirectory), KnownKeys.Of(shipped), variables)
            : Config.Empty;
        variables.RefuseUnknown([OverrideVariable, .. configuration._variables.Select(variable => variable.Name)]);
        configuration.AddVariables(variables);
        configuration.Options = configuration.Check(akka) with { Otlp = OtlpOptions.From(variables.Starting(OtlpOptions.Prefix)) };
        return configuration;
    }

    /// <summary>
    /// Reads the same files anew, with the environment of the start, which cannot change from outside. Throws
    /// <see cref="SettingException"/>.
    /// </summary>
    public FaasConfiguration ReadAgain() => _again();

    /// <summary>The checked settings alone.</summary>
    public static FaasOptions Load(string workingDirectory, string baseDirectory, IReadOnlyDictionary<string, string> environment) =>
        Read(workingDirectory, baseDirectory, environment).Options;

    private static string Find(params string[] starts)
    {
        foreach (var start in starts)
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var file = Path.Combine(folder.FullName, Shipped);
                if (File.Exists(file))
                {
                    return file;
                }
            }
        }

        throw new SettingException($"{Shipped} is missing: it belongs beside the server, in {starts[0]}.");
    }

    private Config AddOverrides(string path, KnownKeys known, EnvironmentVariables variables)
    {
        var (entries, akka) = HoconReader.Read(ReadFile(path), path);
        foreach (var entry in entries)
        {
            if (known.Refusal(entry) is { } why)
            {
                throw new SettingException($"{path}, line {entry.Line}: {why}{(why.EndsWith('?') ? "" : ".")}");
            }
        }

        if (KnownKeys.RefusalOfEmptyImage(entries) is var (image, reason))
        {
            throw new SettingException($"{path}, line {image.Line}: {reason}.");
        }

        Add(entries, path);
        _variables.AddRange(Substitution().Matches(akka).Select(match => (HoconReader.Akka, match.Groups["name"].Value)));
        try
        {
            return ConfigurationFactory.ParseString(EnvironmentSubstitution.Apply(akka, name => variables[name]));
        }
        catch (Exception unreadable) when (unreadable is FormatException or ConfigurationException)
        {
            throw new SettingException($"The akka section of {path}: {unreadable.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static string ReadFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw new SettingException($"{OverrideVariable} = \"{path}\": this is a folder; name a file.");
        }

        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{OverrideVariable} = \"{path}\": {unreadable.Message.ReplaceLineEndings(" ")}");
        }
    }

    private void Add(IReadOnlyList<HoconEntry> entries, string? origin)
    {
        var lines = new Dictionary<string, int>();
        foreach (var entry in entries)
        {
            switch (entry.Kind)
            {
                case HoconKind.Variable:
                    _variables.Add((entry.Path, entry.Texts[0]));
                    break;
                case HoconKind.Text or HoconKind.List:
                    if (!lines.TryAdd(entry.Path, entry.Line))
                    {
                        throw new SettingException(
                            $"{origin ?? Shipped}: \"{entry.Path}\" is set twice, in lines {lines[entry.Path]} and {entry.Line}.");
                    }

                    _values[entry.Path] = new SettingValue(
                        entry.Texts, entry.Kind == HoconKind.List, origin is null ? null : $"{origin}, line {entry.Line}");
                    break;
            }
        }
    }

    private void AddVariables(EnvironmentVariables variables)
    {
        foreach (var (path, name) in _variables.Where(variable => variable.Path != HoconReader.Akka))
        {
            if (variables[name] is { } value)
            {
                _values[path] = new SettingValue([value], IsList: false, variables.OriginOf(name));
            }
        }
    }

    private FaasOptions Check(Config akka)
    {
        try
        {
            return FaasOptions.From(new Settings(_values), akka);
        }
        catch (SettingException wrong) when (wrong.Key is { } key && _values.GetValueOrDefault(key)?.Origin is { } origin)
        {
            throw new SettingException(wrong, $"It comes from {origin}.");
        }
    }

    [GeneratedRegex(@"\$\{\?(?<name>\w+)\}")]
    private static partial Regex Substitution();
}
