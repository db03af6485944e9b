using System.Text;
using System.Text.Json.Nodes;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Sources;

/// <summary>A script in a file, with what the file and the <c>faas.json</c> beside it say about it.</summary>
/// <param name="File">The file.</param>
/// <param name="Language">What it is written in.</param>
/// <param name="Code">The code.</param>
/// <param name="Path">The path that they name; null: none.</param>
/// <param name="Settings">The settings that they name.</param>
internal sealed record SourceFile(string File, string Language, string Code, string? Path, ScriptSettings Settings)
{
    /// <summary>The files, if <see cref="File"/> is a folder that is one script; the code is then that of its entry.</summary>
    public TreeOfFolder? Tree { get; init; }

    /// <summary>A file's name that means stdin.</summary>
    public const string StandardInput = "-";

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads one. Throws <see cref="CliException"/>.</summary>
    /// <param name="file">The file, or <see cref="StandardInput"/>.</param>
    /// <param name="language">The language; null: the file's name says it.</param>
    /// <param name="members">What is said about it elsewhere than in its comments; null: what the <c>faas.json</c> beside it says.</param>
    public static SourceFile Read(string file, string? language, JsonObject? members = null)
    {
        var written = language ?? LanguageOfFile.Of(file) ?? throw CliException.Usage(
            file == StandardInput ? "Code from stdin needs --language."
            : $"{file}: the end of its name says no language; known are {LanguageOfFile.Allowed}. --language names one.");
        var code = Text(file);
        var beside = file == StandardInput || members is not null ? FolderFile.None : FolderFile.Beside(file);
        var header = HeaderComment.Read(code, LanguageOfFile.HasHashComments(written), file);
        members ??= beside.MembersOf(System.IO.Path.GetFileName(file));
        foreach (var (name, value) in header)
        {
            members[name] = value?.DeepClone();
        }

        var (path, settings) = SettingsReader.Read(members, file);
        return new SourceFile(file, written, code, path ?? beside.PathOf(file), settings);
    }

    /// <summary>Reads a text in UTF-8. Throws <see cref="CliException"/>.</summary>
    public static string Text(string file)
    {
        try
        {
            return s_strict.GetString(Bytes(file, int.MaxValue)!).TrimStart('\ufeff');
        }
        catch (DecoderFallbackException)
        {
            throw CliException.NotThere($"{file} is no text in UTF-8.");
        }
    }

    /// <summary>Reads a file, or stdin, as it is; null: it has more bytes than that. Throws <see cref="CliException"/>.</summary>
    public static byte[]? Bytes(string file, int most)
    {
        try
        {
            using var bytes = new MemoryStream();
            using var stream = file == StandardInput ? Console.OpenStandardInput() : Open(file);
            var buffer = new byte[64 << 10];
            while (stream.Read(buffer) is var read and > 0)
            {
                if (read > most - bytes.Length)
                {
                    return null;
                }

                bytes.Write(buffer, 0, read);
            }

            return bytes.ToArray();
        }
        catch (IOException failed)
        {
            throw CliException.NotThere($"{file} cannot be read: {FileError.Of(failed)}.");
        }
    }

    /// <summary>Opens a file to be read. Throws <see cref="CliException"/>.</summary>
    public static Stream Open(string file)
    {
        try
        {
            return Directory.Exists(file)
                ? throw CliException.NotThere($"{file} is a folder; a file is needed.")
                : System.IO.File.OpenRead(file);
        }
        catch (Exception failed) when (failed is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CliException.NotThere($"There is no file {file}.");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw CliException.NotThere($"{file} cannot be read: {FileError.Of(failed)}.");
        }
    }
}
