using System.Collections.Immutable;
using Faas.Actors.Linux;

namespace Faas.Actors.Secrets;

/// <summary>
/// The file with the keys that encrypt secrets. A line has one key: 32 bytes in base64. The first key encrypts; the others decrypt what was
/// encrypted when they were the first. Empty lines, and lines that begin with #, say nothing.
/// <para>
/// Theory of operation. The file is read when a key is first needed, and again when it has changed and a key is to encrypt, or one is
/// needed that it did not have. It is replaced as a whole: a new file is written beside it, made durable, and renamed, so that a crash
/// leaves the one or the other. A file that is where sandboxes can read is not used.
/// </para>
/// </summary>
/// <param name="path">The file.</param>
public sealed class SecretKeyFile(string path)
{
    private const long MostBytes = 1 << 20;
    private const string Heading =
        "# The keys that encrypt the secrets of Faas (docs/secrets.md). The first one encrypts, the others decrypt.\n"
        + "# Whoever has this file and the store has the secrets. Whoever loses this file has lost them.\n";

    private readonly Lock _gate = new();
    private ImmutableArray<SecretKey> _keys;
    private (DateTime, long) _read;

    /// <summary>The file's full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Whether there is such a file.</summary>
    public bool Exists => File.Exists(Path);

    /// <summary>Whether every user of the machine may read it.</summary>
    public bool IsOpenToAll => Exists && (File.GetUnixFileMode(Path) & UnixFileMode.OtherRead) != 0;

    /// <summary>The key that encrypts. Throws <see cref="SecretKeyException"/>.</summary>
    /// <param name="mayCreate">Whether the file is made if there is none.</param>
    public SecretKey Newest(bool mayCreate)
    {
        lock (_gate)
        {
            if (mayCreate && !Exists)
            {
                CreateFirst();
            }

            return (StampOf() == _read ? Keys() : Reread())[0];
        }
    }

    /// <summary>The key of this name; null: the file does not have it. Throws <see cref="SecretKeyException"/>.</summary>
    public SecretKey? Find(string id)
    {
        lock (_gate)
        {
            return Keys().FirstOrDefault(key => key.Id == id) is { } known ? known
                : StampOf() == _read ? null
                : Reread().FirstOrDefault(key => key.Id == id);
        }
    }

    /// <summary>Reads the file anew. Throws <see cref="SecretKeyException"/>.</summary>
    public ImmutableArray<SecretKey> Reread()
    {
        lock (_gate)
        {
            _keys = default;
            return Keys();
        }
    }

    /// <summary>Puts a new key in front of the others, which stay. Throws <see cref="SecretKeyException"/>.</summary>
    public SecretKey AddKey()
    {
        lock (_gate)
        {
            var key = SecretKey.Create();
            Replace($"{Heading}{string.Concat(Reread().Prepend(key).Select(one => $"{one.ToLine()}\n"))}", mayOverwrite: true);
            return Reread()[0];
        }
    }

    private ImmutableArray<SecretKey> Keys()
    {
        if (_keys.IsDefault)
        {
            CheckPlace();
            var stamp = StampOf();
            _keys = Parse(Read());
            _read = stamp;
        }

        return _keys;
    }

    private (DateTime, long) StampOf() => new FileInfo(Path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;

    private string Read()
    {
        try
        {
            return new FileInfo(Path) is { Exists: true, Length: > MostBytes }
                ? throw new SecretKeyException($"The key file {Path} has more than {MostBytes} bytes.")
                : File.ReadAllText(Path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SecretKeyException($"The key file {Path} is missing.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new SecretKeyException($"The key file {Path} cannot be read: {unreadable.Message.ReplaceLineEndings(" ")}");
        }
    }

    // A wrong line is not shown: it may be a key with a misprint.
    private ImmutableArray<SecretKey> Parse(string text)
    {
        var keys = ImmutableArray.CreateBuilder<SecretKey>();
        var number = 0;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var bytes = new byte[line.Length];
            keys.Add(Convert.TryFromBase64String(line, bytes, out var length) && length == SecretKey.Length
                ? new SecretKey(bytes[..length])
                : throw new SecretKeyException(
                    $"The key file {Path}, line {number}: this is no key of {SecretKey.Length} bytes in base64."));
        }

        return keys.Count > 0 ? keys.ToImmutable() : throw new SecretKeyException($"The key file {Path} has no key.");
    }

    // Another server may make the file at the same moment: its key is the first then.
    private void CreateFirst()
    {
        try
        {
            Replace($"{Heading}{SecretKey.Create().ToLine()}\n", mayOverwrite: false);
        }
        catch (SecretKeyException) when (Exists)
        {
            // What is there is read now.
        }
    }

    private void Replace(string text, bool mayOverwrite)
    {
        CheckPlace();
        try
        {
            PrivateFile.Write(Path, text, mayOverwrite);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new SecretKeyException($"The key file {Path} cannot be written: {refused.Message.ReplaceLineEndings(" ")}");
        }
    }

    private void CheckPlace()
    {
        if (SandboxView.FolderOf(Path) is { } seen)
        {
            throw new SecretKeyException(
                $"The key file {Path} is in {seen}, which sandboxes can read; faas.secrets.key-file names another.");
        }
    }
}
